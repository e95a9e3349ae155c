package org.ham.core;

import java.util.concurrent.CompletableFuture;
import org.ham.api.Actor;
import org.ham.core.engine.Input;
import org.jspecify.annotations.Nullable;

/** Something for the fold, and whom to tell what came of it. Immutable but for the reply. */
record Request(Input input, Actor actor, @Nullable CompletableFuture<Void> reply) {}
