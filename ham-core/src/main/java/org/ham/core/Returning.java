package org.ham.core;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Tells whether bundles are about to come back, as those do that are being updated or refreshed. Thread-safe. */
interface Returning {
    /** Whether what offers this is coming back after it has gone; false for what was stopped or uninstalled on purpose. */
    boolean is(Object service);

    /** Whether any bundle is on its way. */
    boolean any();

    /**
     * Set by the node's main method, outside the framework, as long as it starts bundles: one whose turn has not come looks like
     * one that was stopped on purpose.
     */
    String NODE_STARTS = "ham.node.starts";

    /** Nothing ever comes back. */
    Returning NEVER = new Returning() {
        @Override
        public boolean is(Object service) {
            return false;
        }

        @Override
        public boolean any() {
            return false;
        }
    };

    /**
     * By what the framework says: an update or a refresh stops a bundle without forgetting that it was started, an uninstallation
     * or a stop by hand does forget.
     */
    static Returning in(BundleContext context) {
        var framework = context.getBundle(0);
        return new Returning() {
            @Override
            public boolean is(Object service) {
                var bundle = FrameworkUtil.getBundle(service.getClass());
                return bundle != null && framework.getState() == Bundle.ACTIVE && comes(bundle);
            }

            @Override
            public boolean any() {
                if (Boolean.getBoolean(NODE_STARTS)) {
                    return true;
                }
                if (framework.getState() != Bundle.ACTIVE) {
                    // It is just coming up itself.
                    return framework.getState() == Bundle.STARTING;
                }
                for (var bundle : framework.getBundleContext().getBundles()) {
                    if (bundle.getState() != Bundle.ACTIVE && comes(bundle)) {
                        return true;
                    }
                }
                return false;
            }
        };
    }

    private static boolean comes(Bundle bundle) {
        if (bundle.getState() == Bundle.UNINSTALLED) {
            return false;
        }
        var level = bundle.adapt(BundleStartLevel.class);
        return level != null && level.isPersistentlyStarted();
    }
}
