/** Tokens for the services that a job talks to. */
@NullMarked
package io.hdl.core.identity;

import org.jspecify.annotations.NullMarked;
