package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.GateDecision.Verdict;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.PythonLoader;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.model.ToyModel;
import io.hdl.tracking.outbox.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelItemsTest {
  private static final Optional<Registering> ASKED =
      Optional.of(new Registering("demand", List.of("champion")));

  @TempDir Path home;
  private final List<String> warnings = new ArrayList<>();

  private List<Item> items(
      TestJobContext context, Verdict verdict, Optional<String> directoryRun, boolean loads) {
    Path saved = ToyModel.save(home, 2);
    Optional<PythonLoader> loader =
        loads ? Optional.of(ToyModel.loader(home)) : Optional.<PythonLoader>empty();
    return new ModelItems(context, ASKED, directoryRun, home.resolve("models"), warnings::add)
        .of(
            new TrackedModel(
                new Artifact(Artifact.Kind.MODEL, "model", saved),
                new Evaluation("test", Scores.NONE, Scores.NONE, Map.of(), 1, 1),
                new GateDecision(verdict, List.of("WAPE 0.2 against 0.1 of naive.")),
                loader));
  }

  private static Map<String, String> tags(List<Item> items) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Item item : items) {
      if (item instanceof Item.Tag tag) {
        tags.put(tag.key(), tag.value());
      }
    }
    return tags;
  }

  @Test
  void registersWhatTheGateLetsPass() {
    TestJobContext context = TestJobContext.in(home);
    List<Item> items = items(context, Verdict.PASSED, Optional.empty(), true);
    assertThat(items.get(0))
        .isInstanceOfSatisfying(
            Item.Model.class,
            model -> {
              assertThat(model.name()).isEqualTo("model");
              assertThat(model.folder().resolve("MLmodel")).exists();
              Item.Registration registration = model.registration().orElseThrow();
              assertThat(registration.model()).isEqualTo("demand");
              assertThat(registration.aliases()).containsExactly("champion");
              assertThat(registration.tags())
                  .containsEntry("hdl.gate", "PASSED")
                  .containsEntry("hdl.run", "run-1")
                  .containsKey("hdl.model.made");
            });
    assertThat(tags(items))
        .containsEntry("hdl.model.path", "model/data")
        .containsEntry("hdl.gate", "PASSED")
        .containsKey("mlflow.log-model.history")
        .doesNotContainKey("hdl.registration");
    assertThat(context.events().notices()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PASSED")
  void registersNothingElseAndSaysWhy(Verdict verdict) {
    TestJobContext context = TestJobContext.in(home);
    List<Item> items = items(context, verdict, Optional.empty(), true);
    String text =
        "The model is not registered as \"demand\": its quality gate says "
            + verdict
            + ". WAPE 0.2 against 0.1 of naive.";
    assertThat(tags(items)).containsEntry("hdl.registration", text);
    assertThat(context.events().notices()).containsExactly(text);
    assertThat(((Item.Model) items.get(0)).registration()).isEmpty();
  }

  @Test
  void registersNothingThatMlflowCannotLoad() {
    TestJobContext context = TestJobContext.in(home);
    List<Item> items = items(context, Verdict.PASSED, Optional.empty(), false);
    assertThat(items.get(0)).isEqualTo(new Item.Upload("model", home.resolve("saved")));
    assertThat(tags(items))
        .containsEntry(
            "hdl.registration", "The model is not registered as \"demand\": MLflow cannot load it.")
        .containsEntry("hdl.model.path", "model")
        .doesNotContainKey("mlflow.log-model.history");
  }

  @Test
  void registersNothingInADirectory() {
    TestJobContext context = TestJobContext.in(home);
    List<Item> items = items(context, Verdict.PASSED, Optional.of("0123"), true);
    assertThat(tags(items).get("hdl.registration"))
        .endsWith("has no registry. Track at a server, or register it there.");
    assertThat(((Item.Model) items.get(0)).folder().resolve("MLmodel"))
        .content()
        .contains("run_id: '0123'");
  }

  @Test
  void keepsTheSavedModelWhereTheDirectoryCannotBeWritten() throws IOException {
    TestJobContext context = TestJobContext.in(home);
    Files.writeString(home.resolve("models"), "in the way");
    List<Item> items = items(context, Verdict.PASSED, Optional.empty(), true);
    assertThat(items.get(0)).isInstanceOf(Item.Upload.class);
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("The model is kept without what MLflow loads it by. Cannot ");
  }
}
