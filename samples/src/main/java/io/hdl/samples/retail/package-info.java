/**
 * A made-up retail chain: daily sales of products in stores with levels, trends, seasons,
 * promotions, holidays, stock-outs and slow movers, written as a Delta table with several versions.
 *
 * <p>Entries: {@link io.hdl.samples.retail.RetailGenerator} draws the sales and knows what is
 * behind them; {@link io.hdl.samples.retail.RetailTable} writes them. Generators are immutable and
 * thread-safe.
 */
@NullMarked
package io.hdl.samples.retail;

import org.jspecify.annotations.NullMarked;
