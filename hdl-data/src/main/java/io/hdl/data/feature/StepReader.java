package io.hdl.data.feature;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads steps out of what {@link FittedStep#toJson} made of them. */
final class StepReader {
  private final Map<?, ?> json;

  private StepReader(Map<?, ?> json) {
    this.json = json;
  }

  /**
   * Reads one step.
   *
   * @param functions the code of custom features, by name
   * @param what what is read, for messages
   */
  static FittedStep read(Map<?, ?> json, Map<String, FeatureFunction> functions, String what) {
    return new StepReader(json).step(functions, what);
  }

  private FittedStep step(Map<String, FeatureFunction> functions, String what) {
    return switch (text("step")) {
      case "impute" -> new Fill(text("column"), text("how"), finite("value"));
      case "forward_fill" -> new ForwardFill(text("column"));
      case "scale" -> new Affine(text("column"), text("how"), finite("location"), finite("scale"));
      case "log1p" ->
          new Logarithm(
              text("column"), Logarithm.Form.valueOf(text("form").toUpperCase(Locale.ROOT)));
      case "category_index" -> new CategoryIndex(text("column"), texts("vocabulary"));
      case "calendar" ->
          new CalendarStep(
              CalendarField.valueOf(text("field")), CalendarStep.Form.valueOf(text("form")));
      case "event" ->
          new EventStep(
              text("event"),
              EventStep.Direction.valueOf(text("direction")),
              integer("max_days"),
              texts("dates").stream().map(LocalDate::parse).toList());
      case "copy" -> new CopyStep(text("column"), text("as"));
      case "lag" -> new LagStep(text("column"), integer("lag"), Reach.ofJson(text("reach")));
      case "rolling" ->
          new RollingStep(
              text("column"),
              RollingStatistic.valueOf(text("statistic")),
              integer("window"),
              integer("lag"),
              Reach.ofJson(text("reach")));
      case "custom" -> custom(functions, what);
      default -> throw new IllegalArgumentException("step: " + text("step"));
    };
  }

  private CustomStep custom(Map<String, FeatureFunction> functions, String what) {
    FeatureFunction function = functions.get(text("name"));
    if (function == null) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot load the features of "
              + what
              + ": the custom feature \""
              + text("name")
              + "\" is code, which is not saved. Load them together with the pipeline that they"
              + " were fitted by, which brings it.");
    }
    return new CustomStep(text("name"), Channel.Role.valueOf(text("role")), function);
  }

  private String text(String name) {
    if (json.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(name + ": " + json.get(name));
  }

  private double finite(String name) {
    if (json.get(name) instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(name + ": " + json.get(name));
  }

  private int integer(String name) {
    if (json.get(name) instanceof Integer number) {
      return number;
    }
    throw new IllegalArgumentException(name + ": " + json.get(name));
  }

  private List<String> texts(String name) {
    if (json.get(name) instanceof List<?> list) {
      return list.stream().map(String.class::cast).toList();
    }
    throw new IllegalArgumentException(name + ": " + json.get(name));
  }
}
