/**
 * What the tests of all modules share: the house rules, a job context, test tables, real servers
 * and a proxy that fails on demand. Published as hdl-core's test-jar.
 */
@NullMarked
package io.hdl.core.testing;

import org.jspecify.annotations.NullMarked;
