package io.hdl.samples;

import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.Opened;
import io.hdl.data.SeriesSource;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.ForecastTraining;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Compares models and ensembles with each other and with baselines on a table's test part.
 *
 * <p>Each is trained on the training part, once per seed. The best is told by the validation part
 * alone; all test figures are shown. {@code --select} and {@code --choice} do so in two commands,
 * of which the first has no way to look at the test part.
 */
@Command(
    name = "samples/run Backtest",
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    description = "Compares models, ensembles and baselines on a table's test part.",
    footer = {"", "Exit status: 0 done, 1 failure, 2 wrong settings, 130 Ctrl-C, 143 SIGTERM."})
public final class Backtest implements Callable<Integer> {
  @Spec private @Nullable CommandSpec command;
  @Mixin private BacktestOptions options = new BacktestOptions();
  private Optional<CandidateTraining> training = Optional.empty();

  private Backtest() {}

  /** Runs the sample and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the sample within this process. */
  static int run(String... arguments) {
    Backtest sample = new Backtest();
    SampleFailure failure = new SampleFailure("Backtest");
    return new CommandLine(sample)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (cause, line, parsed) ->
                failure.of(
                    cause,
                    sample.options.run.verbose,
                    sample.training.map(CandidateTraining::jobFailed).orElse(false)))
        .setParameterExceptionHandler((wrong, given) -> failure.wrongOptions(wrong))
        .execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    long began = System.nanoTime();
    BacktestSettings settings = settings();
    Path home = options.run.homeDirectory();
    ForecastTable table = ForecastTable.of(settings.common(), options.table, home);
    if (settings.select().isPresent()) {
      new Selection(settings, table, this::trainAll)
          .writeTo(settings.select().get(), home, options.run.people());
      return 0;
    }
    Optional<Choice> choice = settings.choice().map(Choice::read);
    TableVersion version =
        choice.map(made -> TableVersion.number(made.version())).orElse(table.version());
    List<TrainedMember> members = new ArrayList<>();
    try (Opened<SeriesStore> opened = table.source(version).load(home)) {
      SeriesSource source = table.source(TableVersion.number(opened.provenance().version()));
      if (choice.isPresent()) {
        members.addAll(choice.get().open(settings.candidates()));
      } else {
        trainAll(settings, source, change -> change, members);
      }
      SeriesStore store = opened.data();
      Split split = settings.split();
      Map<String, Scores> validation = new LinkedHashMap<>();
      if (choice.isPresent()) {
        settings
            .candidates()
            .forEach(c -> validation.put(c.name(), choice.get().validation(c.name())));
      } else {
        BacktestScores scores = new BacktestScores(settings, store, split, members);
        validation.putAll(scores.candidates(Part.VALIDATION, scores.baselines(Part.VALIDATION)));
      }
      if (settings.refit()) {
        refit(settings, new BeforeTest(source, settings.split()), members);
      }
      BacktestScores scores = new BacktestScores(settings, store, split, members);
      Map<String, Scores> baselines = scores.baselines(Part.TEST);
      String best = choice.map(Choice::chosen).orElseGet(() -> chosen(settings, validation));
      BacktestResult result =
          new BacktestResult(
              settings,
              opened.provenance(),
              members,
              best,
              validation,
              scores.candidates(Part.TEST, baselines),
              baselines,
              scores.windows(Part.TEST),
              scores.series(Part.TEST),
              (System.nanoTime() - began) / 1e9);
      PrintStream people = options.run.people();
      people.println();
      people.println(result.table());
      options.run.writeJson(result.json());
    } finally {
      members.forEach(TrainedMember::close);
    }
    return 0;
  }

  private BacktestSettings settings() {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("not called by a command line");
    }
    return BacktestSettings.of(options, spec.commandLine().getParseResult());
  }

  /** The best on validation; the only one there is without it. */
  private static String chosen(BacktestSettings settings, Map<String, Scores> validation) {
    boolean scored = validation.values().stream().anyMatch(s -> !s.values().isEmpty());
    return scored
        ? Choice.best(settings.metric(), validation)
        : settings.candidates().get(0).name();
  }

  private void trainAll(
      BacktestSettings settings,
      DataSource<SeriesStore> source,
      UnaryOperator<ForecastTraining> change,
      List<TrainedMember> members) {
    CandidateTraining jobs =
        new CandidateTraining(source, options.run, new MemberIndex(settings.reuse()));
    training = Optional.of(jobs);
    List<Candidate> trained =
        settings.candidates().stream().filter(one -> one.training().isPresent()).toList();
    trained.forEach(candidate -> jobs.check(candidate, change));
    for (Candidate candidate : trained) {
      for (long seed : candidate.seeds()) {
        members.add(jobs.train(candidate, seed, "-s" + seed, change));
      }
    }
  }

  /** Trains every member anew on training and validation part, for as long as was best before. */
  private void refit(BacktestSettings settings, BeforeTest data, List<TrainedMember> members) {
    Split whole = Split.last(0, 0);
    CandidateTraining jobs =
        new CandidateTraining(data, options.run, new MemberIndex(settings.reuse()));
    training = Optional.of(jobs);
    for (int i = 0; i < members.size(); i++) {
      TrainedMember before = members.get(i);
      Candidate candidate =
          settings.candidates().stream()
              .filter(one -> one.name().equals(before.candidate()))
              .findFirst()
              .orElseThrow();
      int epochs = before.bestEpoch();
      TrainedMember after =
          jobs.train(
              candidate,
              before.seed(),
              "-refit-s" + before.seed(),
              training -> training.split(whole).epochs(epochs));
      before.close();
      members.set(i, after);
    }
  }
}
