package io.hdl.samples;

import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesWeights;
import io.hdl.data.series.WindowSampling;
import io.hdl.data.series.WindowSelection;
import io.hdl.samples.Choices.FeatureChoice;
import io.hdl.samples.Choices.SamplingChoice;
import io.hdl.samples.Choices.SettingsChoice;
import io.hdl.train.model.DeepAr;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.Models;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the options of a training stand for. */
final class TrainingChoices {
  private TrainingChoices() {}

  /** The features that are asked for. */
  static FeaturePipeline features(
      TrainingOptions options, SeriesSpec series, int horizon, int season) {
    List<FeatureChoice> chosen = options.features == null ? List.of() : options.features;
    FeaturePipeline features = FeaturePipeline.empty();
    if (chosen.contains(FeatureChoice.calendar)) {
      features = features.cyclic(Choices.usualCalendar(series.frequency()));
    }
    if (chosen.contains(FeatureChoice.lags)) {
      features = features.lag(series.target(), IntStream.of(horizon, season).distinct().toArray());
    }
    return features;
  }

  /** How the target is scaled. */
  static Scaling scaling(TrainingOptions options) {
    return options.scale == null
        ? Scaling.MEAN
        : switch (options.scale) {
          case none -> Scaling.NONE;
          case standard -> Scaling.STANDARD;
          case mean -> Scaling.MEAN;
        };
  }

  /** The model of a name with the settings that are given; tells what is wrong with them. */
  static ForecastModel model(Problems problems, TrainingOptions options, @Nullable String name) {
    String wanted = name == null ? "nhits" : name;
    ForecastModel model =
        options.settings == SettingsChoice.published
            ? Models.published(wanted)
            : Models.defaults(wanted);
    Map<String, String> own = new LinkedHashMap<>(model.settings());
    if (options.hidden != null) {
      String hidden = Integer.toString(options.hidden);
      own.computeIfPresent("hidden", (setting, width) -> hidden);
    }
    for (Map.Entry<String, String> given : options.modelSettings.entrySet()) {
      problems.require(
          own.replace(given.getKey(), given.getValue()) != null,
          () ->
              "--set: "
                  + given.getKey()
                  + " (expected: a setting of "
                  + model.name()
                  + ", one of "
                  + model.settings().keySet()
                  + ")");
    }
    try {
      return Models.of(model.name(), own);
    } catch (HdlException e) {
      problems.add("--set: " + e.getMessage());
      return model;
    }
  }

  /**
   * The same model; DeepAR, unless its lags were given, with the step a season ago where the
   * context reaches beyond it. Its recurrent state alone does not hold a season.
   */
  static ForecastModel seeingSeason(
      ForecastModel model, TrainingOptions options, int season, int context) {
    return model instanceof DeepAr deepAr
            && !options.modelSettings.containsKey("lags")
            && season > 1
            && season < context
        ? deepAr.lags(1, season)
        : model;
  }

  /** Which windows are trained on. */
  static WindowSelection selection(TrainingOptions options) {
    WindowSelection selection = WindowSelection.all();
    if (options.recent != null) {
      selection = selection.recent(options.recent);
    }
    return options.sampling == SamplingChoice.series
        ? selection.sampling(WindowSampling.weighted(SeriesWeights.equal()))
        : selection;
  }
}
