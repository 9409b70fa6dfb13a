/**
 * Features: what a model is given beside the raw columns of a table. Entry: {@link
 * io.hdl.data.feature.FeaturePipeline}, which is fitted on the training part of a store and then
 * makes a store with features out of one without.
 *
 * <pre>{@code
 * FeaturePipeline pipeline = FeaturePipeline.empty()
 *     .impute(Imputation.median(), "price")
 *     .standardise("price")
 *     .calendar(CalendarField.MONTH)
 *     .lag("units", 1, 8);
 * FittedFeatures fitted = pipeline.fit(store, Split.last(8, 8), 8);
 * fitted.save(folder.resolve("features.json"));
 * SeriesStore withFeatures = FittedFeatures.load(folder.resolve("features.json")).apply(store);
 * }</pre>
 *
 * <p>Roles: {@code calendar_month} is known ahead; so is {@code units_lag_8}, which looks back over
 * the whole horizon of 8 steps; {@code units_lag_1} is known for the past only. {@link
 * io.hdl.data.feature.LeakDetector} finds features that carry the future.
 *
 * <p>Pipelines and fitted features are immutable and thread-safe. Fitting and applying use threads
 * of their own, named {@code hdl-features-…}, which have ended when the call returns.
 */
@NullMarked
package io.hdl.data.feature;

import org.jspecify.annotations.NullMarked;
