package io.hdl.samples;

import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.Opened;
import io.hdl.core.json.Json;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.ForecastTraining;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Chooses among candidates on the validation part alone. All that it trains and scores with is the
 * table's series up to where their test part begins: what happened later cannot change the choice.
 */
final class Selection {
  /** Trains all members of the candidates. */
  interface Training {
    void train(
        BacktestSettings settings,
        DataSource<SeriesStore> source,
        UnaryOperator<ForecastTraining> change,
        List<TrainedMember> members);
  }

  private final BacktestSettings settings;
  private final ForecastTable table;
  private final Training training;

  Selection(BacktestSettings settings, ForecastTable table, Training training) {
    this.settings = settings;
    this.table = table;
    this.training = training;
  }

  /** Chooses and writes the choice. */
  void writeTo(Path file, Path home, PrintStream people) throws IOException {
    BeforeTest latest = new BeforeTest(table.source(), settings.split());
    List<TrainedMember> members = new ArrayList<>();
    try (Opened<SeriesStore> opened = latest.load(home)) {
      long version = opened.provenance().version();
      BeforeTest source =
          new BeforeTest(table.source(TableVersion.number(version)), settings.split());
      Split split = source.kept();
      training.train(settings, source, one -> one.split(split), members);
      BacktestScores scores = new BacktestScores(settings, opened.data(), split, members);
      Map<String, Scores> baselines = scores.baselines(Part.VALIDATION);
      Map<String, Scores> candidates = scores.candidates(Part.VALIDATION, baselines);
      Choice choice =
          new Choice(
              Choice.best(settings.metric(), candidates),
              settings.metric(),
              table.uri(),
              version,
              settings.split().settings(),
              scores.windows(Part.VALIDATION),
              values(baselines),
              settings.candidates().stream()
                  .map(candidate -> entry(candidate, candidates, members))
                  .toList());
      Files.writeString(file, Json.writePretty(choice) + System.lineSeparator());
      Map<String, Scores> rows = new LinkedHashMap<>(candidates);
      rows.putAll(baselines);
      people.println();
      people.print(BacktestResult.table("validation", rows));
      people.println("Chosen by " + choice.metric() + ": " + choice.chosen() + "; see " + file);
    } finally {
      members.forEach(TrainedMember::close);
    }
  }

  private static Choice.Entry entry(
      Candidate candidate, Map<String, Scores> scores, List<TrainedMember> members) {
    return new Choice.Entry(
        candidate.name(),
        candidate.definition(),
        scores.getOrDefault(candidate.name(), Scores.NONE).values(),
        members.stream()
            .filter(member -> member.candidate().equals(candidate.name()))
            .map(Choice.SavedMember::of)
            .toList());
  }

  private static Map<String, Map<String, Double>> values(Map<String, Scores> scores) {
    Map<String, Map<String, Double>> values = new LinkedHashMap<>();
    scores.forEach((name, own) -> values.put(name, own.values()));
    return values;
  }
}
