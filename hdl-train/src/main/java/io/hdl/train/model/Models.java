package io.hdl.train.model;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the models that come with hdl by their names. */
public final class Models {
  private static final Map<String, ForecastModel> DEFAULTS =
      Stream.of(
              DeepAr.defaults(),
              DLinear.defaults(),
              NBeats.defaults(),
              NHits.defaults(),
              NLinear.defaults(),
              PatchTst.defaults(),
              Tide.defaults(),
              TsMixer.defaults())
          .collect(Collectors.toUnmodifiableMap(ForecastModel::name, model -> model));

  private Models() {}

  /** Names of the models that come with hdl, in alphabetical order. */
  public static List<String> names() {
    return DEFAULTS.keySet().stream().sorted().toList();
  }

  /**
   * A model that comes with hdl, with its default settings.
   *
   * @throws IllegalArgumentException if hdl brings no such model
   */
  public static ForecastModel defaults(String name) {
    ForecastModel model = DEFAULTS.get(name);
    if (model == null) {
      throw new IllegalArgumentException(
          "model: " + name + " (expected: one of " + String.join(", ", names()) + ")");
    }
    return model;
  }

  /**
   * A model that comes with hdl, with the settings of its paper or its authors' code where those
   * differ from the default ones.
   *
   * @throws IllegalArgumentException if hdl brings no such model
   */
  public static ForecastModel published(String name) {
    return switch (name) {
      case DLinear.NAME -> DLinear.published();
      case NHits.NAME -> NHits.published();
      case PatchTst.NAME -> PatchTst.published();
      case Tide.NAME -> Tide.published();
      case TsMixer.NAME -> TsMixer.published();
      default -> defaults(name);
    };
  }

  /** Whether hdl brings this model: one with its name, or a TorchScript module. */
  public static boolean brings(ForecastModel model) {
    ForecastModel own = DEFAULTS.get(model.name());
    return model instanceof TorchScriptModel || (own != null && own.getClass() == model.getClass());
  }

  /** A setting that must be there. */
  static String setting(Map<String, String> settings, String name) {
    String value = settings.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the setting " + name + " is missing");
    }
    return value;
  }

  /**
   * The specification of a saved forecaster, perhaps with files of its own.
   *
   * @param manifest the file that names the model; files of its own lie beside it
   * @throws HdlException with {@link ErrorCode#UNSUPPORTED_FEATURE} if hdl brings no such model
   */
  public static ForecastModel saved(String name, Map<String, String> settings, Path manifest) {
    return name.equals(TorchScriptModel.NAME)
        ? TorchScriptModel.load(manifest.resolveSibling(TorchScriptModel.FILE))
        : of(name, settings);
  }

  /**
   * The specification behind {@link ForecastModel#name()} and {@link ForecastModel#settings()}.
   *
   * @throws HdlException with {@link ErrorCode#UNSUPPORTED_FEATURE} if hdl brings no such model
   */
  public static ForecastModel of(String name, Map<String, String> settings) {
    try {
      return switch (name) {
        case DeepAr.NAME -> DeepAr.of(settings);
        case DLinear.NAME -> DLinear.of(settings);
        case NBeats.NAME -> NBeats.of(settings);
        case NHits.NAME -> NHits.of(settings);
        case NLinear.NAME -> NLinear.of(settings);
        case PatchTst.NAME -> PatchTst.of(settings);
        case Tide.NAME -> Tide.of(settings);
        case TsMixer.NAME -> TsMixer.of(settings);
        default ->
            throw new HdlException(
                ErrorCode.UNSUPPORTED_FEATURE,
                "Cannot build model \""
                    + name
                    + "\": hdl brings "
                    + String.join(", ", names())
                    + ". Hand the model's own specification over.");
      };
    } catch (IllegalArgumentException e) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot build model \"" + name + "\" from " + settings + ": " + e.getMessage(),
          e);
    }
  }
}
