package io.hdl.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path folder;
  private Checkpoints checkpoints;

  @BeforeEach
  void write() {
    checkpoints = new Checkpoints(folder);
    checkpoints.write(
        new TrainingState(
            new TrainingState.Progress(
                "f", 1, 2, 20, 20, 1, 0.25, List.of(new TrainingState.Epoch(1, 0.5, 0.25))),
            new float[] {1, Float.NaN, -0.0f},
            Map.of("first", new float[] {4, 5, 6}, "second", new float[] {7, 8, 9}),
            new float[] {1, 2, 3}));
  }

  @Test
  void readsWhatWasWritten() {
    TrainingState state = checkpoints.read().orElseThrow();
    assertThat(state.progress().epoch()).isEqualTo(2);
    assertThat(state.weights()).containsExactly(1, Float.NaN, -0.0f);
    assertThat(state.optimizer().get("second")).containsExactly(7, 8, 9);
    assertThat(state.bestWeights()).containsExactly(1, 2, 3);
  }

  @Test
  void hasNothingToReadBeforeTheFirstOne() {
    assertThat(new Checkpoints(folder.resolve("none")).read()).isEmpty();
  }

  @Test
  void refusesASingleBitThatChanged() throws IOException {
    byte[] bytes = Files.readAllBytes(checkpoints.file());
    bytes[bytes.length - 30] ^= 1;
    refuses(bytes, "its checksum is not that of its content");
  }

  @Test
  void refusesAFileThatIsCutOff() throws IOException {
    byte[] bytes = Files.readAllBytes(checkpoints.file());
    refuses(Arrays.copyOf(bytes, bytes.length / 2), "it is damaged");
    refuses(Arrays.copyOf(bytes, bytes.length - 4), "it is damaged");
    refuses(new byte[0], "it is damaged");
  }

  private void refuses(byte[] content, String why) throws IOException {
    Files.write(checkpoints.file(), content);
    assertThatThrownBy(() -> checkpoints.read())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessage(
            "Cannot continue from the checkpoint "
                + checkpoints.file()
                + ": "
                + why
                + ". Run the job again: it begins a new run, from the start.");
  }
}
