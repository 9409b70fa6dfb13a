package io.hdl.data.feature;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.List;
import java.util.Locale;

/**
 * A step that needs figures of the training part.
 *
 * @param figure what it needs
 * @param limits which texts get a code; for categories only
 */
record UnfittedStep(String column, Figure figure, CategoryLimits limits) implements Step {
  enum Figure {
    MEDIAN,
    MEAN,
    STANDARD,
    MIN_MAX,
    ROBUST,
    CATEGORY
  }

  static UnfittedStep of(String column, Figure figure) {
    return new UnfittedStep(column, figure, CategoryLimits.none());
  }

  @Override
  public String text() {
    String rest =
        (limits.minCount() > 1 ? ", min count " + limits.minCount() : "")
            + (limits.maxSize() < Integer.MAX_VALUE ? ", max size " + limits.maxSize() : "");
    return switch (figure) {
      case MEDIAN, MEAN -> "impute(" + column + ", " + name() + ")";
      case STANDARD -> "standardise(" + column + ")";
      case MIN_MAX -> "minMax(" + column + ")";
      case ROBUST -> "robust(" + column + ")";
      case CATEGORY -> "categoryIndex(" + column + rest + ")";
    };
  }

  private String name() {
    return figure.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<String> reads() {
    return List.of(column);
  }

  @Override
  public List<String> writes() {
    return List.of(column);
  }

  @Override
  public void shape(Schema schema) {
    switch (figure) {
      case MEDIAN, MEAN -> new Fill(column, name(), 0).shape(schema);
      case STANDARD, MIN_MAX, ROBUST -> new Affine(column, name(), 0, 1).shape(schema);
      case CATEGORY -> new CategoryIndex(column, List.of()).shape(schema);
    }
  }

  /** What reads the training values of its column and makes the fitted step of them. */
  Gatherer gatherer(Schema schema) {
    Schema.Column at = schema.column(schema.change(column, text()));
    return switch (figure) {
      case MEDIAN -> new RankGatherer(this::fittedQuantiles, 0.5);
      case MEAN -> new MomentGatherer(m -> new Fill(column, name(), observed(m.count(), m.mean())));
      case STANDARD ->
          new MomentGatherer(m -> new Affine(column, name(), m.mean(), m.deviationOrOne()));
      case MIN_MAX -> new RangeGatherer((min, max) -> affine(min, max - min));
      case ROBUST -> new RankGatherer(this::fittedQuantiles, 0.25, 0.5, 0.75);
      case CATEGORY -> new TextGatherer(at, limits, texts -> new CategoryIndex(column, texts));
    };
  }

  private FittedStep fittedQuantiles(long count, double[] quantiles) {
    return figure == Figure.MEDIAN
        ? new Fill(column, name(), observed(count, quantiles[0]))
        : affine(quantiles[1], quantiles[2] - quantiles[0]);
  }

  /** A location of nothing is 0; a scale of nothing, or of one value, is 1. */
  private Affine affine(double location, double scale) {
    return new Affine(column, name(), Double.isNaN(location) ? 0 : location, scale > 0 ? scale : 1);
  }

  private double observed(long count, double value) {
    if (count == 0) {
      throw new HdlException(
          ErrorCode.NOT_ENOUGH_DATA,
          "Cannot fit "
              + text()
              + ": \""
              + column
              + "\" has no value in the training part. Use Imputation.constant, or leave the column"
              + " out.");
    }
    return value;
  }
}
