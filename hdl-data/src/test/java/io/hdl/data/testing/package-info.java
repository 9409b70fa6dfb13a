/**
 * What the tests of several modules need of the lake: a stand-in for ADLS Gen2's DFS endpoint.
 * Published in hdl-data's test-jar. Entry: {@link io.hdl.data.testing.DfsServer}; thread-safe.
 */
@NullMarked
package io.hdl.data.testing;

import org.jspecify.annotations.NullMarked;
