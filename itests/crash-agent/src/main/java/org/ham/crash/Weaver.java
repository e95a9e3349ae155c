package org.ham.crash;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.reflect.AccessFlag;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts each listed method under another name and a new one in its place, which calls the probe, the method, and the probe. The new
 * code has no branch and names nothing but {@code java.base}, so it fits into any class of any loader. Thread-safe.
 */
final class Weaver implements ClassFileTransformer {
    /** Where the probe is found: in the system's properties, which any class can reach. */
    static final String KEY = "org.ham.crash.probe";

    private static final String SUFFIX = "$crash";
    private static final ClassDesc SYSTEM = System.class.describeConstable().orElseThrow();
    private static final ClassDesc PROPERTIES =
            Properties.class.describeConstable().orElseThrow();
    private static final ClassDesc PROBE = BiConsumer.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc GET = MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object);
    private static final MethodTypeDesc ACCEPT =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_Object);

    private final Map<String, Set<String>> methods;

    Weaver(Map<String, Set<String>> methods) {
        this.methods = methods;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        var wanted = name == null ? null : methods.get(name);
        return name == null || wanted == null ? null : weave(name, bytes, wanted);
    }

    /** The class with its probes. */
    static byte[] weave(String owner, byte[] bytes, Set<String> wanted) {
        var file = ClassFile.of();
        var model = file.parse(bytes);
        return file.transformClass(model, (builder, element) -> {
            if (element instanceof MethodModel method && isWanted(method, wanted)) {
                wrap(
                        builder,
                        model,
                        method,
                        PointTable.name(owner, method.methodName().stringValue()));
            } else {
                builder.with(element);
            }
        });
    }

    private static boolean isWanted(MethodModel method, Set<String> wanted) {
        return wanted.contains(method.methodName().stringValue())
                && !method.flags().has(AccessFlag.SYNTHETIC)
                && !method.flags().has(AccessFlag.ABSTRACT);
    }

    private static void wrap(ClassBuilder builder, ClassModel owner, MethodModel method, String point) {
        var flags = method.flags().flagsMask();
        var inner = method.methodName().stringValue() + SUFFIX;
        var type = method.methodTypeSymbol();
        var isStatic = method.flags().has(AccessFlag.STATIC);
        var isInterface = owner.flags().has(AccessFlag.INTERFACE);
        builder.withMethod(
                inner,
                type,
                flags & ~(ClassFile.ACC_PUBLIC | ClassFile.ACC_PROTECTED) | ClassFile.ACC_PRIVATE,
                body -> method.forEach(part -> {
                    if (!(part instanceof AccessFlags)) {
                        body.with(part);
                    }
                }));
        builder.withMethodBody(method.methodName().stringValue(), type, flags & ~ClassFile.ACC_SYNCHRONIZED, code -> {
            probe(code, point + " before", type, isStatic);
            arguments(code, type, isStatic);
            if (isStatic) {
                code.invokestatic(owner.thisClass().asSymbol(), inner, type, isInterface);
            } else {
                code.invokespecial(owner.thisClass().asSymbol(), inner, type, isInterface);
            }
            probe(code, point + " after", type, isStatic);
            code.return_(TypeKind.from(type.returnType()));
        });
    }

    private static void arguments(CodeBuilder code, MethodTypeDesc type, boolean isStatic) {
        if (!isStatic) {
            code.aload(0);
        }
        for (var i = 0; i < type.parameterCount(); i++) {
            code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i));
        }
    }

    /** {@code ((BiConsumer) System.getProperties().get(KEY)).accept(point, new Object[] {this, arguments…})}. */
    private static void probe(CodeBuilder code, String point, MethodTypeDesc type, boolean isStatic) {
        code.invokestatic(SYSTEM, "getProperties", MethodTypeDesc.of(PROPERTIES))
                .ldc(KEY)
                .invokevirtual(PROPERTIES, "get", GET)
                .checkcast(PROBE)
                .ldc(point)
                .loadConstant(type.parameterCount() + 1)
                .anewarray(ConstantDescs.CD_Object);
        if (!isStatic) {
            code.dup().loadConstant(0).aload(0).aastore();
        }
        for (var i = 0; i < type.parameterCount(); i++) {
            if (!type.parameterType(i).isPrimitive()) {
                code.dup().loadConstant(i + 1).aload(code.parameterSlot(i)).aastore();
            }
        }
        code.invokeinterface(PROBE, "accept", ACCEPT);
    }
}
