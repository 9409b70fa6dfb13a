/** What a model scored, and whether it is fit for use. Immutable values. */
@NullMarked
package io.hdl.core.evaluation;

import org.jspecify.annotations.NullMarked;
