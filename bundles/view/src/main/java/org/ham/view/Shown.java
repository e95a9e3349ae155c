package org.ham.view;

import java.util.Optional;
import org.ham.api.EntityView;
import org.ham.api.Status;
import org.ham.api.Tree;

/** All that the view may ask of the HAM: snapshots, none of which waits for anybody. Thread-safe. */
interface Shown {
    /** How the HAM itself is. */
    Status status();

    /** All entities. */
    Tree tree();

    /** One entity. */
    Optional<EntityView> entity(String name);
}
