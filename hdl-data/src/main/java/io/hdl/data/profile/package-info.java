/**
 * What is in a table: counts, ranges, sums, distinct values and distributions of its columns, and
 * the gaps of its series, found by one scan. Entry: {@link io.hdl.data.profile.TableProfile}.
 *
 * <p>Profiles are immutable and thread-safe. What gathers them is called by all threads of a scan;
 * each column is guarded by its own lock, so that memory does not grow with the threads.
 */
@NullMarked
package io.hdl.data.profile;

import org.jspecify.annotations.NullMarked;
