package io.hdl.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.TemporaryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path folder;

  static TrainingState state(int epoch, long batch, long step, int bestEpoch) {
    return new TrainingState(
        new TrainingState.Progress(
            Map.of("batch_size", "64"),
            Map.of("hdl", "1"),
            7,
            epoch,
            batch,
            step,
            1.5,
            32,
            step,
            step,
            Map.of("best", Double.POSITIVE_INFINITY),
            bestEpoch,
            0.25,
            List.of(new TrainingState.Epoch(1, 0.5, Double.NaN))),
        "{\"scaler\":{}}",
        new float[] {step, Float.NaN, -0.0f},
        Map.of("first", new float[] {4, 5, 6}, "second", new float[] {7, 8, 9}),
        new float[] {0.5f},
        bestEpoch == 0 ? new float[0] : new float[] {bestEpoch, 2, 3});
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(folder, 2);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void readsWhatWasWritten() {
    Path file = checkpoints().write(state(2, 3, 23, 1));
    Checkpoints.Found found = checkpoints().read().orElseThrow();
    TrainingState written = state(2, 3, 23, 1);
    assertThat(found.file()).isEqualTo(file);
    assertThat(found.damaged()).isEmpty();
    assertThat(found.state().progress()).isEqualTo(written.progress());
    assertThat(found.state().manifest()).isEqualTo(written.manifest());
    assertThat(found.state().weights()).containsExactly(23, Float.NaN, -0.0f);
    assertThat(found.state().optimizer().get("second")).containsExactly(7, 8, 9);
    assertThat(found.state().average()).containsExactly(0.5f);
    assertThat(found.state().bestWeights()).containsExactly(1, 2, 3);
  }

  @Test
  void hasNothingToReadBeforeTheFirstOne() {
    assertThat(new Checkpoints(folder.resolve("none"), 2).read()).isEmpty();
  }

  @Test
  void keepsTheLastOnesAndTheBestOnesTheyNeed() throws IOException {
    Checkpoints checkpoints = checkpoints();
    checkpoints.write(state(1, 0, 10, 1));
    checkpoints.write(state(2, 0, 20, 1));
    checkpoints.write(state(3, 0, 30, 3));
    assertThat(files())
        .containsExactly(
            "best-epoch-0001.safetensors",
            "best-epoch-0003.safetensors",
            "step-000000000020.safetensors",
            "step-000000000030.safetensors");
    checkpoints.write(state(3, 5, 35, 3));
    assertThat(files())
        .containsExactly(
            "best-epoch-0003.safetensors",
            "step-000000000030.safetensors",
            "step-000000000035.safetensors");
  }

  @Test
  void goesOnFromTheOneBeforeADamagedOneAndSetsThatAside() throws IOException {
    Checkpoints before = checkpoints();
    before.write(state(1, 0, 10, 1));
    Path newest = before.write(state(2, 0, 20, 2));
    flip(newest);
    Checkpoints after = checkpoints();
    Checkpoints.Found found = after.read().orElseThrow();
    assertThat(found.state().progress().step()).isEqualTo(10);
    assertThat(found.damaged())
        .containsExactly(newest + ": its checksum is not that of its content");
    assertThat(files()).contains("step-000000000020.safetensors.damaged");
    // What comes next counts as any other, and the best one of the damaged state goes.
    after.write(state(2, 0, 20, 1));
    assertThat(checkpoints().read().orElseThrow().state().progress().step()).isEqualTo(20);
    assertThat(files()).contains("best-epoch-0001.safetensors");
    assertThat(files()).doesNotContain("best-epoch-0002.safetensors");
  }

  @Test
  void countsAStateWhoseBestWeightsAreDamagedAsDamaged() throws IOException {
    Checkpoints before = checkpoints();
    before.write(state(1, 0, 10, 1));
    before.write(state(2, 0, 20, 2));
    flip(folder.resolve("best-epoch-0002.safetensors"));
    Checkpoints.Found found = checkpoints().read().orElseThrow();
    assertThat(found.state().progress().step()).isEqualTo(10);
    assertThat(found.damaged().get(0))
        .contains("the best weights beside it, best-epoch-0002.safetensors, cannot be read");
  }

  @Test
  void refusesWhenAllAreDamaged() throws IOException {
    Checkpoints before = checkpoints();
    Path first = before.write(state(1, 0, 10, 0));
    Path second = before.write(state(2, 0, 20, 0));
    byte[] bytes = Files.readAllBytes(first);
    Files.write(first, Arrays.copyOf(bytes, bytes.length - 4));
    Files.write(second, new byte[0]);
    assertThatThrownBy(() -> checkpoints().read())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessage(
            "Cannot continue from the checkpoint "
                + second
                + ", nor from one before it: it is damaged. Run the job again: it begins a new"
                + " run, from the start.");
  }

  @Test
  void findsEverySingleBitThatChanged() throws IOException {
    Path file = checkpoints().write(state(1, 0, 10, 0));
    byte[] whole = Files.readAllBytes(file);
    for (int at = 8; at < whole.length; at += 7) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 0x10;
      Files.write(file, bytes);
      assertThatThrownBy(() -> checkpoints().read()).isInstanceOf(HdlException.class);
    }
  }

  @Test
  void removesWhatACrashHasLeftHalfWritten() throws IOException {
    checkpoints().write(state(1, 0, 10, 0));
    Files.writeString(folder.resolve(TemporaryName.of("step-000000000020.safetensors")), "half");
    assertThat(checkpoints().read()).isPresent();
    assertThat(files()).containsExactly("step-000000000010.safetensors");
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 2] ^= 1;
    Files.write(file, bytes);
  }
}
