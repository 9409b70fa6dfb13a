/**
 * Fetches files of the lake: each byte over the link once.
 *
 * <p>Entry: {@link io.hdl.data.transfer.Fetcher}, which any number of threads may share. A fetch
 * runs on a few threads of its own, {@code hdl-fetch-*}, which end with it.
 */
@NullMarked
package io.hdl.data.transfer;

import org.jspecify.annotations.NullMarked;
