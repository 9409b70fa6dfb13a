/**
 * Holds forecasts against what happened: baselines, scores of a part, summaries by horizon step and
 * by series, the quality gate, and ensembles.
 *
 * <p>Entry: {@link io.hdl.train.evaluate.Evaluator}, which scores a {@link
 * io.hdl.train.evaluate.WindowPredictor} and the baselines on the same windows; an {@link
 * io.hdl.train.evaluate.EnsemblePredictor} is one that is made of several. {@link
 * io.hdl.train.evaluate.RollingBacktest} does so at several origins, with a training for each;
 * {@link io.hdl.train.evaluate.HierarchyEvaluator} over sums of series. An evaluator is immutable
 * and scores on the calling thread, baselines that are fitted also on threads of their own, {@code
 * hdl-evaluate-…}, which are joined before it returns; its results are immutable too.
 */
@NullMarked
package io.hdl.train.evaluate;

import org.jspecify.annotations.NullMarked;
