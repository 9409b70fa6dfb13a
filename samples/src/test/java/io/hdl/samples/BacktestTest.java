package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison as it is run, on a small table. */
class BacktestTest {
  private static final List<String> METRICS =
      List.of("mse", "mae", "wape", "smape", "mase", "rmse", "pinball");

  @TempDir static Path folder;
  private static Path table = Path.of("not written yet");

  @TempDir Path home;

  @BeforeAll
  static void writeTable() {
    table = SmallSeasons.write(folder.resolve("seasons"), 1);
  }

  private CommandLineRun run(String... more) {
    return CommandLineRun.backtest(SmallSeasons.options(table, home, more));
  }

  private static Map<String, Object> json(CommandLineRun run) {
    assertThat(run.status()).as(run.err()).isZero();
    return Json.readObject(run.out(), "standard output");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Map<String, Object> json, String... names) {
    Map<String, Object> at = json;
    for (String name : names) {
      at = (Map<String, Object>) Objects.requireNonNull(at.get(name), name);
    }
    return at;
  }

  private static List<?> list(Map<String, Object> json, String name) {
    return (List<?>) Objects.requireNonNull(json.get(name), name);
  }

  private static double number(Map<String, Object> json, String name) {
    return ((Number) Objects.requireNonNull(json.get(name), name)).doubleValue();
  }

  @Test
  void comparesModelsTheirSeedsAndTheirEnsembleWithTheBaselines() {
    Map<String, Object> json =
        json(
            run(
                "--model=dlinear,nhits,ensemble",
                "--seeds=1,2",
                "--context=24",
                "--hidden=16",
                "--json=-"));
    for (String part : List.of("test", "validation")) {
      for (String model : List.of("dlinear", "nhits", "ensemble")) {
        assertThat(map(json, "models", model, part)).containsKeys(METRICS.toArray(String[]::new));
      }
    }
    assertThat(map(json, "baselines", "seasonal_naive")).containsKeys("wape", "pinball");
    assertThat(list(map(json, "models", "nhits"), "trained")).hasSize(2);
    assertThat(list(map(json, "models", "ensemble"), "trained")).isEmpty();
    assertThat(json)
        .containsEntry("series", SmallSeasons.SERIES)
        .containsEntry("windows", SmallSeasons.SERIES)
        .containsEntry("report", "original");
    String chosen = String.valueOf(json.get("chosen"));
    assertThat(map(json, "test")).isEqualTo(map(json, "models", chosen, "test"));
    double best = number(map(json, "models", chosen, "validation"), "wape");
    for (String model : List.of("dlinear", "nhits", "ensemble")) {
      assertThat(number(map(json, "models", model, "validation"), "wape"))
          .isGreaterThanOrEqualTo(best);
    }
  }

  @Test
  void scoresTheWindowsThatWereAskedFor() {
    String[] options = {"--model=dlinear", "--context=24", "--split=last:12,12", "--json=-"};
    assertThat(json(run(options))).containsEntry("windows", 7 * SmallSeasons.SERIES);
    assertThat(json(run(with(options, "--stride=6"))))
        .containsEntry("windows", 2 * SmallSeasons.SERIES);
    assertThat(json(run(with(options, "--windows=last"))))
        .containsEntry("windows", SmallSeasons.SERIES);
  }

  private static String[] with(String[] options, String more) {
    String[] all = java.util.Arrays.copyOf(options, options.length + 1);
    all[options.length] = more;
    return all;
  }

  @Test
  void reportsErrorsOfTheScaledTarget() {
    String[] options = {"--model=dlinear", "--context=24", "--json=-"};
    Map<String, Object> original = json(run(options));
    Map<String, Object> scaled = json(run(with(options, "--report=scaled")));
    assertThat(number(map(scaled, "test"), "mae"))
        .isPositive()
        .isLessThan(number(map(original, "test"), "mae") / 10);
    assertThat(number(map(scaled, "test"), "mase"))
        .isCloseTo(
            number(map(original, "test"), "mase"), org.assertj.core.data.Offset.offset(1e-4));
  }

  @Test
  void forecastsSeriesThatAreTooShortForAModelByTheFallback() throws IOException {
    Path file = home.resolve("candidates.txt");
    Files.writeString(
        file,
        """
        # the short series has 43 steps before its validation part
        far: --model dlinear --context 60
        near: --context 24 --model dlinear   # sees all
        both: --members far,near --combine mean
        mixed: --members near,theta
        """);
    Map<String, Object> json =
        json(
            run(
                "--candidates=" + file,
                "--json=-",
                "--fallback=naive",
                "--metric=owa",
                "--loss=quantiles:0.5"));
    assertThat(json).containsEntry("windows", SmallSeasons.SERIES);
    assertThat(map(json, "baselines", "naive2")).containsEntry("owa", 1.0);
    assertThat(map(json, "models", "mixed", "test")).containsKeys("owa", "wape");
    assertThat(map(json, "models", "far"))
        .containsEntry("definition", "--model dlinear --context 60");
    assertThat(map(json, "models", "both", "test"))
        .isNotEqualTo(map(json, "models", "near", "test"));
    Map<String, Object> other =
        json(
            run(
                "--candidates=" + file,
                "--json=-",
                "--fallback=seasonal_naive",
                "--metric=owa",
                "--loss=quantiles:0.5"));
    assertThat(map(other, "models", "near", "test")).isEqualTo(map(json, "models", "near", "test"));
    assertThat(map(other, "models", "far", "test"))
        .isNotEqualTo(map(json, "models", "far", "test"));
  }

  @Test
  void choosesWithoutALookAtTheTestPart() throws IOException {
    Path poisoned = SmallSeasons.write(folder.resolve("poisoned"), -1e6);
    String first = choice(table, "first");
    String second = choice(poisoned, "second");
    // All but where the models lie and how long they took: their weights, too.
    assertThat(comparable(second)).isEqualTo(comparable(first));
    assertThat(first).contains("weightsSha256", "\"validation\"").doesNotContain("\"test\"");
  }

  private String choice(Path of, String name) throws IOException {
    Path file = home.resolve(name + ".json");
    CommandLineRun run =
        CommandLineRun.backtest(
            SmallSeasons.options(
                of,
                home,
                "--model=dlinear,nhits,ensemble",
                "--context=24",
                "--hidden=16",
                "--features=lags",
                "--name=" + name,
                "--select=" + file));
    assertThat(run.status()).as(run.err()).isZero();
    return Files.readString(file);
  }

  private static String comparable(String choice) {
    return choice.replaceAll("\"(savedModel|trainingSeconds|table)\" : [^\\n]*", "");
  }

  @Test
  void scoresAChoiceOnTheTestPartAfterwardsRefitToAllBeforeIt() throws IOException {
    String[] options = {"--model=dlinear,nhits", "--context=24", "--hidden=16"};
    Path choice = home.resolve("choice.json");
    CommandLineRun selected = run(with(options, "--select=" + choice));
    assertThat(selected.status()).as(selected.err()).isZero();
    assertThat(selected.out()).contains("validation", "Chosen by wape: ");
    Map<String, Object> made = Json.readObject(Files.readString(choice), "choice");

    String[] scoring = with(with(options, "--choice=" + choice), "--json=-");
    Map<String, Object> scored = json(run(scoring));
    Map<String, Object> direct = json(run(with(options, "--json=-")));
    assertThat(scored.get("chosen")).isEqualTo(made.get("chosen")).isEqualTo(direct.get("chosen"));
    // What was trained without the test rows is what is trained with them.
    assertThat(scored.get("test")).isEqualTo(direct.get("test"));
    assertThat(scored.get("validation")).isEqualTo(direct.get("validation"));

    Map<String, Object> refit = json(run(with(scoring, "--refit")));
    assertThat(refit).containsEntry("refit", true);
    assertThat(refit.get("validation")).isEqualTo(scored.get("validation"));
    assertThat(refit.get("test")).isNotEqualTo(scored.get("test"));
  }

  @Test
  void trainsOnlyWhatItHasNotTrainedYet() {
    String[] options = {"--context=24", "--json=-", "--reuse=" + home.resolve("trained.json")};
    Map<String, Object> first = json(run(with(options, "--model=dlinear")));
    CommandLineRun again = run(with(options, "--model=dlinear,nlinear"));
    Map<String, Object> second = json(again);
    assertThat(map(second, "models", "dlinear")).isEqualTo(map(first, "models", "dlinear"));
    assertThat(again.err()).contains("backtest-nlinear-s1").doesNotContain("backtest-dlinear-s1");
    CommandLineRun other = run(with(with(options, "--model=dlinear"), "--learning-rate=0.01"));
    assertThat(map(json(other), "models", "dlinear", "test"))
        .isNotEqualTo(map(first, "models", "dlinear", "test"));
  }

  @Test
  void refusesAChoiceAmongOtherCandidates() throws IOException {
    Path choice = home.resolve("choice.json");
    assertThat(run("--model=dlinear", "--context=24", "--select=" + choice).status()).isZero();
    CommandLineRun other = run("--model=nhits", "--context=24", "--choice=" + choice);
    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err()).contains("--choice: it was made among [dlinear: --model dlinear]");
  }

  @Test
  void refusesTheSettingsOfOneModelBeforeAnotherIsTrained() {
    CommandLineRun run =
        run("--model=nhits,dlinear", "--context=24", "--hidden=16", "--precision=bfloat16");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("precision: BFLOAT16 with the model dlinear")
        .doesNotContain("epoch 1");
  }

  @Test
  void saysWhatIsWrongWithItsOptions() throws IOException {
    refuses(
        "--model: arima (expected: of [deepar, dlinear, nbeats", "--model=arima", "--context=24");
    refuses("--stride: 0 (expected: >= 1)", "--context=24", "--stride=0");
    refuses("--refit: given without --choice", "--context=24", "--refit");
    refuses("--choice: none.json (expected: a file", "--context=24", "--choice=none.json");
    refuses("--metric: wap (expected: one of [wape, mae", "--context=24", "--metric=wap");
    refuses("--baselines: arima (expected: of [naive", "--context=24", "--baselines=arima");
    refuses("--fallback: theta9 (expected: of [naive", "--context=24", "--fallback=theta9");
    refuses("--set: kernel (expected: a setting of nhits", "--context=24", "--set=kernel=3");
    Path file = home.resolve("candidates.txt");
    Files.writeString(file, "a: --model nhits\n");
    refuses("line 1, a: ", "--candidates=" + file);
    Files.writeString(file, "a --model nhits\n");
    refuses("(expected: a name, a colon, options)", "--candidates=" + file);
    Files.writeString(file, "a: --model nhits --context 24\nb: --members a,c,theta\n");
    refuses("--members: c (expected: of [a] or the baselines [naive", "--candidates=" + file);
    Files.writeString(file, "a: --context 24 --horizon 3\nb: --context 24\n");
    refuses("--horizon: 3, 6 (expected: one for all candidates)", "--candidates=" + file);
  }

  private void refuses(String message, String... options) {
    CommandLineRun run = run(options);
    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }
}
