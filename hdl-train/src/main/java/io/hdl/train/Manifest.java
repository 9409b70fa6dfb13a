package io.hdl.train;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.feature.FittedFeatures;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.Models;
import io.hdl.train.model.WindowFeatures;
import io.hdl.train.model.WindowShape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a forecaster is, apart from its weights: {@code forecaster.json} of a saved one.
 *
 * @param model the model's specification
 * @param context steps it sees
 * @param horizon steps it forecasts
 * @param loss what it was trained for; tells what its outputs are
 * @param channels what the model sees per step, features included, the target first
 * @param constants what it sees per series
 * @param scaler the scaler as it saves itself
 * @param training settings of the training
 * @param provenance what the run recorded of its data; empty if it recorded nothing
 * @param table the columns of the table's rows; unknown of those that earlier releases saved
 * @param fitted what makes the channels out of those of the data, if they are not the data's own
 */
record Manifest(
    ForecastModel model,
    int context,
    int horizon,
    Loss loss,
    List<Channel> channels,
    List<Constant> constants,
    Map<String, Object> scaler,
    Map<String, String> training,
    Map<String, Object> provenance,
    Optional<TableColumns> table,
    Optional<FittedFeatures> fitted) {
  static final String FILE = "forecaster.json";
  private static final int FORMAT = 1;
  // What knows nothing of features must not load a model that needs them.
  private static final int FORMAT_WITH_FEATURES = 2;

  /** What stands in the file. */
  private record Content(
      int format,
      String hdl,
      String model,
      Map<String, String> modelSettings,
      int context,
      int horizon,
      String loss,
      List<Channel> channels,
      List<Constant> constants,
      String weightsSha256,
      @Nullable String featuresSha256,
      @Nullable TableColumns table,
      Map<String, String> training,
      Map<String, Object> provenance,
      Map<String, Object> scaler) {}

  WindowFeatures features() {
    return WindowFeatures.of(channels, constants, model);
  }

  WindowShape window() {
    return features().shape(context, horizon, loss.outputs());
  }

  String toJson(String weightsSha256) {
    return Json.writePretty(
        new Content(
            fitted.isPresent() ? FORMAT_WITH_FEATURES : FORMAT,
            version(),
            model.name(),
            model.settings(),
            context,
            horizon,
            loss.name(),
            channels,
            constants,
            weightsSha256,
            fitted.map(SavedFeatures::sha256).orElse(null),
            table.orElse(null),
            training,
            provenance,
            scaler));
  }

  /** A manifest and the checksum of the weights it belongs to. */
  record Saved(Manifest manifest, String weightsSha256) {}

  /**
   * Reads a manifest.
   *
   * @param json content of the file
   * @param file where it came from, for messages
   * @param given the model's specification if hdl does not bring it
   * @param pipeline brings the code of custom features
   */
  static Saved fromJson(
      String json, Path file, Optional<ForecastModel> given, FeaturePipeline pipeline) {
    Map<String, Object> fields = new LinkedHashMap<>(Json.readObject(json, file.toString()));
    boolean features = Integer.valueOf(FORMAT_WITH_FEATURES).equals(fields.get("format"));
    if (!features && !Integer.valueOf(FORMAT).equals(fields.get("format"))) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot load the forecaster of "
              + file
              + ": it has format "
              + fields.get("format")
              + ", this release of hdl reads the formats "
              + FORMAT
              + " and "
              + FORMAT_WITH_FEATURES
              + ". Load it with the release that wrote it"
              + (fields.get("hdl") == null ? "." : " (" + fields.get("hdl") + ")."));
    }
    try {
      Content content = Json.read(json, Content.class, file.toString());
      ForecastModel model =
          given.orElseGet(() -> Models.saved(content.model(), content.modelSettings(), file));
      if (!model.name().equals(content.model())
          || !model.settings().equals(content.modelSettings())) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT,
            "Cannot load the forecaster of "
                + file
                + ": it was made by "
                + content.model()
                + " "
                + content.modelSettings()
                + ", not by "
                + model.name()
                + " "
                + model.settings()
                + ".");
      }
      Manifest manifest =
          new Manifest(
              model,
              content.context(),
              content.horizon(),
              Losses.named(content.loss()),
              content.channels(),
              content.constants(),
              content.scaler(),
              content.training(),
              content.provenance(),
              Optional.ofNullable(content.table()),
              features
                  ? Optional.of(
                      SavedFeatures.read(
                          file.resolveSibling(SavedFeatures.FILE),
                          Objects.requireNonNull(content.featuresSha256(), "featuresSha256"),
                          pipeline))
                  : Optional.empty());
      manifest.window();
      return new Saved(manifest, content.weightsSha256());
    } catch (NullPointerException | IllegalArgumentException e) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot load the forecaster of "
              + file
              + ": a field is missing or out of range: "
              + e.getMessage()
              + ". Restore the file.",
          e);
    }
  }

  private static String version() {
    String version = Manifest.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
