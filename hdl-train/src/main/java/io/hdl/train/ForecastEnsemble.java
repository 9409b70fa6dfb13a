package io.hdl.train;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.PythonLoader;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.evaluate.Combination;
import io.hdl.train.evaluate.EnsemblePredictor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Several forecasters that forecast as one: seeds of a model, models, or contexts, combined step by
 * step by mean or median, their quantiles averaged level by level. A member takes part in the
 * forecast of every series whose history is as long as its context; so a member with a short
 * context forecasts young series alone.
 *
 * <pre>{@code
 * try (ForecastEnsemble ensemble = ForecastEnsemble.of(Combination.MEDIAN, members)) {
 *   ensemble.save(folder);
 *   Forecast future = ensemble.forecast(store, FutureRequest.all());
 * }
 * }</pre>
 *
 * <p>Forecasting is thread-safe; {@link #close} must not be called meanwhile. Owns its members.
 */
public final class ForecastEnsemble implements AutoCloseable {
  private final Combination combination;
  private final List<Forecaster> members;

  private ForecastEnsemble(Combination combination, List<Forecaster> members) {
    this.combination = Objects.requireNonNull(combination, "combination");
    this.members = List.copyOf(members);
  }

  /**
   * An ensemble, which closes its members when it is closed.
   *
   * @param members at least one, all of one horizon and trained on the same columns
   * @throws IllegalArgumentException if there is none, or the horizons or columns differ; the
   *     members stay the caller's then
   */
  public static ForecastEnsemble of(Combination combination, List<Forecaster> members) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("members: [] (expected: at least one)");
    }
    Forecaster first = members.get(0);
    for (Forecaster member : members) {
      if (member.horizon() != first.horizon()) {
        throw new IllegalArgumentException(
            "horizon: " + member.horizon() + " (expected: " + first.horizon() + " of all members)");
      }
      List<String> columns = columns(member);
      if (!columns.equals(columns(first))) {
        throw new IllegalArgumentException(
            "columns: " + columns + " (expected: " + columns(first) + " of all members)");
      }
    }
    return new ForecastEnsemble(combination, members);
  }

  private static List<String> columns(Forecaster member) {
    return member.channels().stream().map(c -> c.name() + " " + c.role()).toList();
  }

  /** How the members' forecasts become one. */
  public Combination combination() {
    return combination;
  }

  /** The members, in the order given; they belong to the ensemble. */
  public List<Forecaster> members() {
    return members;
  }

  /** Steps that it forecasts. */
  public int horizon() {
    return members.get(0).horizon();
  }

  /** The fewest steps of history that it can forecast from: the shortest context of a member. */
  public int context() {
    return members.stream().mapToInt(Forecaster::context).min().orElseThrow();
  }

  /** The quantiles that it forecasts, ascending; empty unless all members forecast the same. */
  public List<Double> quantiles() {
    List<Double> first = members.get(0).quantiles();
    boolean same = members.stream().allMatch(member -> member.quantiles().equals(first));
    return same ? first : List.of();
  }

  /**
   * Forecasts windows of a store, for instance those of an evaluation, whatever their context. The
   * predictor belongs to one thread, which closes it; see {@link Forecaster#predictor}.
   */
  public EnsemblePredictor predictor(SeriesStore data) {
    List<EnsemblePredictor.Member> voices = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      Forecaster member = members.get(i);
      voices.add(
          new EnsemblePredictor.Member(
              SavedEnsemble.folderOf(i), member.context(), member.predictor(data)));
    }
    return EnsemblePredictor.of(combination, voices);
  }

  /**
   * The future of series: the steps after each one's last observed target.
   *
   * @throws HdlException as {@link Forecaster#forecast} does; with {@code NOT_ENOUGH_DATA} if a
   *     series that was asked for by key is shorter than every member's context
   */
  public Forecast forecast(SeriesStore data, FutureRequest request) {
    List<SeriesKey> wanted = request.keys().isEmpty() ? data.keys() : request.keys();
    List<SeriesKey> tooShort = new ArrayList<>();
    List<SeriesKey> kept = new ArrayList<>();
    for (SeriesKey key : wanted) {
      boolean fits = length(data, key) >= context();
      (fits || !request.keys().isEmpty() ? kept : tooShort).add(key);
    }
    List<Map<SeriesKey, Forecast.SeriesForecast>> answers = new ArrayList<>();
    int least = context();
    for (Forecaster member : members) {
      // What no member can forecast is left to one that says why.
      List<SeriesKey> own =
          kept.stream()
              .filter(
                  key -> {
                    int length = length(data, key);
                    return length >= member.context()
                        || (length < least && member.context() == least);
                  })
              .distinct()
              .toList();
      Map<SeriesKey, Forecast.SeriesForecast> byKey = new LinkedHashMap<>();
      if (!own.isEmpty()) {
        member
            .forecast(data, FutureRequest.of(own).known(request.known()))
            .series()
            .forEach(one -> byKey.put(one.key(), one));
      }
      answers.add(byKey);
    }
    List<Forecast.SeriesForecast> series =
        kept.stream()
            .map(
                key ->
                    combined(
                        answers.stream()
                            .filter(answer -> answer.containsKey(key))
                            .map(answer -> Objects.requireNonNull(answer.get(key)))
                            .toList()))
            .toList();
    return new Forecast(series, tooShort);
  }

  /** Steps of a series' history; 0 for an unknown one, which the members refuse. */
  private static int length(SeriesStore data, SeriesKey key) {
    OptionalInt found = data.find(key);
    return found.isEmpty() ? 0 : data.targetEnd(found.getAsInt());
  }

  private Forecast.SeriesForecast combined(List<Forecast.SeriesForecast> voices) {
    Forecast.SeriesForecast first = voices.get(0);
    Map<Double, List<Double>> bands = new LinkedHashMap<>();
    for (double quantile : quantiles()) {
      bands.put(
          quantile,
          Combination.MEAN.of(
              voices.stream()
                  .map(voice -> Objects.requireNonNull(voice.quantiles().get(quantile)))
                  .toList()));
    }
    return new Forecast.SeriesForecast(
        first.key(),
        first.times(),
        combination.of(voices.stream().map(Forecast.SeriesForecast::values).toList()),
        bands);
  }

  /**
   * How Python loads what {@link #save} writes; see {@link Forecaster#pythonLoader}.
   *
   * @throws HdlException with {@code UNSUPPORTED_FEATURE} if Python cannot load a member
   */
  public PythonLoader pythonLoader(Path code) {
    return PythonTable.loader(
        members.stream().map(Forecaster::manifest).toList(), quantiles(), code, List.of());
  }

  /**
   * Saves the ensemble as a folder, replacing one that lies there: each member as a folder of its
   * own, as {@link Forecaster#save} writes it, and {@code ensemble.json}.
   *
   * @throws HdlException if it cannot be written
   */
  public void save(Path folder) {
    AtomicPublish.folder(
        folder,
        inside -> {
          for (int i = 0; i < members.size(); i++) {
            members.get(i).save(inside.resolve(SavedEnsemble.folderOf(i)));
          }
          AtomicPublish.text(inside.resolve(SavedEnsemble.FILE), SavedEnsemble.of(this).toJson());
        });
  }

  /**
   * Loads a saved ensemble; see {@link Forecaster#load(Path)}. One whose members have custom
   * features or models is put together by {@link #of} from members that are loaded one by one.
   *
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} if there is none, {@link
   *     ErrorCode#CORRUPT_DATA} if it is damaged, {@link ErrorCode#UNSUPPORTED_FEATURE} if another
   *     release wrote it in a format unknown here
   */
  public static ForecastEnsemble load(Path folder) {
    SavedEnsemble saved = SavedEnsemble.read(folder);
    List<Forecaster> members = new ArrayList<>();
    try {
      for (SavedEnsemble.Member member : saved.members()) {
        members.add(Forecaster.load(folder.resolve(member.folder())));
      }
      return saved.ensemble(folder, members);
    } catch (RuntimeException e) {
      members.forEach(Forecaster::close);
      throw e;
    }
  }

  /** Closes the members. Idempotent. */
  @Override
  public void close() {
    members.forEach(Forecaster::close);
  }
}
