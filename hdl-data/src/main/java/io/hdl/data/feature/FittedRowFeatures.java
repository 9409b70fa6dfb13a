package io.hdl.data.feature;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.data.series.Constant;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pipeline with the figures of training rows, for rows without an order in time. Written and
 * loaded again it gives the same bits. Immutable and thread-safe.
 */
public final class FittedRowFeatures {
  private static final int FORMAT = 1;

  private final List<FeatureColumn> columns;
  private final List<FittedStep> steps;

  private FittedRowFeatures(List<FeatureColumn> columns, List<FittedStep> steps) {
    this.columns = List.copyOf(columns);
    this.steps = List.copyOf(steps);
  }

  static FittedRowFeatures fit(List<Step> steps, FeatureRows rows) {
    List<FeatureColumn> columns = List.copyOf(rows.columns());
    TrainingFrames frames =
        (fittings, pass) -> {
          List<Frame> each = fittings.stream().map(f -> new Frame(f.schema())).toList();
          List<Gatherer.Part> parts = fittings.stream().map(f -> f.gatherer().part(pass)).toList();
          rows.read(
              (values, count) -> {
                for (int i = 0; i < fittings.size(); i++) {
                  begin(each.get(i), values, count, columns.size());
                  fittings.get(i).read(each.get(i), parts.get(i));
                }
              });
          for (int i = 0; i < fittings.size(); i++) {
            fittings.get(i).gatherer().end(pass, List.of(parts.get(i)));
          }
        };
    return new FittedRowFeatures(columns, StepFit.of(steps, schema(columns), frames));
  }

  private static Schema schema(List<FeatureColumn> columns) {
    return Schema.rows(
        columns.stream().map(c -> new Constant(c.name(), c.kind(), c.categories())).toList());
  }

  private static void begin(Frame frame, FloatBuffer values, int rows, int width) {
    frame.begin(
        (column, count, into) -> {
          for (int row = 0; row < count; row++) {
            into[row] = values.get(row * width + column);
          }
        },
        rows);
  }

  /** The columns that rows must have, with the categories of the training rows. */
  public List<FeatureColumn> columns() {
    return columns;
  }

  /**
   * The features of rows with these columns.
   *
   * @param given the columns of the training rows; categories may differ
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} if they are others
   */
  public RowTransform transform(List<FeatureColumn> given) {
    List<String> fitted = columns.stream().map(c -> c.name() + " " + c.kind()).toList();
    List<String> found = given.stream().map(c -> c.name() + " " + c.kind()).toList();
    if (!fitted.equals(found)) {
      throw new HdlException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot make features of these rows: they were fitted on "
              + fitted
              + ", the rows have "
              + found
              + ". Give the columns of the training, in its order.");
    }
    return new RowTransform(new BoundFeatures(steps, schema(given)));
  }

  /** Makes the features of rows, batch by batch. Thread-safe. */
  public static final class RowTransform {
    private final BoundFeatures features;

    private RowTransform(BoundFeatures features) {
      this.features = features;
    }

    /** The columns of the result: those of the rows, then the added ones. */
    public List<FeatureColumn> columns() {
      return features.schema().columns().stream()
          .map(c -> new FeatureColumn(c.name(), c.kind(), c.categories()))
          .toList();
    }

    /**
     * Makes the features of some rows.
     *
     * @param values {@code [rows, columns of the rows]} from index 0, NaN where missing
     * @param rows how many rows
     * @param into {@code [rows, columns of the result]} from index 0; may not be {@code values}
     * @throws HdlException with {@link ErrorCode#INVALID_DATA} if a value has no feature
     */
    public void apply(FloatBuffer values, int rows, FloatBuffer into) {
      Frame frame = features.frame();
      begin(frame, values, rows, features.schema().inputs());
      features.apply(frame);
      int width = features.schema().columns().size();
      for (int c = 0; c < width; c++) {
        float[] column = frame.column(c);
        for (int row = 0; row < rows; row++) {
          into.put(row * width + c, column[row]);
        }
      }
    }
  }

  /** The features as JSON, in which every number keeps its bits. */
  public String toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("columns", columns);
    json.put("steps", steps.stream().map(FittedStep::toJson).toList());
    return Json.writePretty(json);
  }

  private record Content(
      int format, List<FeatureColumn> columns, List<Map<String, Object>> steps) {}

  /**
   * Reads what {@link #toJson} gave.
   *
   * @param what what is read, for messages: a path or an address
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if the text is no row features
   */
  public static FittedRowFeatures fromJson(String json, String what) {
    try {
      Content content = Json.read(json, Content.class, what);
      if (content.format() != FORMAT) {
        throw new IllegalArgumentException("format: " + content.format());
      }
      return new FittedRowFeatures(
          content.columns(),
          content.steps().stream().map(step -> StepReader.read(step, Map.of(), what)).toList());
    } catch (NullPointerException | IllegalArgumentException | ClassCastException e) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot load the features of "
              + what
              + ": a field is missing or out of range: "
              + e.getMessage()
              + ". Restore the file.",
          e);
    }
  }
}
