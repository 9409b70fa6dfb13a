package io.hdl.train.model;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Map;

/** Finds the models that come with hdl by their names. */
public final class Models {
  private Models() {}

  /** A setting that must be there. */
  static String setting(Map<String, String> settings, String name) {
    String value = settings.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the setting " + name + " is missing");
    }
    return value;
  }

  /**
   * The specification behind {@link ForecastModel#name()} and {@link ForecastModel#settings()}.
   *
   * @throws HdlException with {@link ErrorCode#UNSUPPORTED_FEATURE} if hdl brings no such model
   */
  public static ForecastModel of(String name, Map<String, String> settings) {
    try {
      return switch (name) {
        case DLinear.NAME -> DLinear.of(settings);
        case NHits.NAME -> NHits.of(settings);
        default ->
            throw new HdlException(
                ErrorCode.UNSUPPORTED_FEATURE,
                "Cannot build model \""
                    + name
                    + "\": hdl brings dlinear and nhits. Hand the model's own specification over.");
      };
    } catch (IllegalArgumentException e) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot build model \"" + name + "\" from " + settings + ": " + e.getMessage(),
          e);
    }
  }
}
