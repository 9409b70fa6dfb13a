package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.delta.TableHistory;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.storage.LakeStore;
import io.hdl.data.storage.StorageMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLakeTest {
  private static final LakeAddress SALES =
      LakeAddress.parse("abfss://curated@contoso.dfs.core.windows.net/retail/sales");

  @TempDir Path folder;

  @Test
  void uploadsATableWithItsLogLastAndLeavesWhatIsThere() throws IOException {
    Path table = SmallChain.write(folder.resolve("sales"));
    Path mount = Files.createDirectories(folder.resolve("mount"));
    LakeAccess access =
        LakeAccess.fromEnvironment()
            .mounts(
                StorageMounts.none().map("abfss://curated@contoso.dfs.core.windows.net", mount));
    try (LakeStore store = LakeStore.open(access)) {
      int files = TableUpload.of(table, SALES, store).run();
      assertThat(files).isGreaterThan(6);
      assertThat(TableUpload.of(table, SALES, store).run()).isZero();
      Path data;
      try (Stream<Path> all = Files.walk(mount)) {
        data = all.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
      }
      Files.delete(data);
      assertThat(TableUpload.of(table, SALES, store).run()).isEqualTo(1);
      assertThatThrownBy(() -> TableUpload.of(folder, SALES, store).run())
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_A_DELTA_TABLE))
          .hasMessage(
              "Cannot upload "
                  + folder
                  + ": it has no folder _delta_log. Give the folder of a table.");
    }
    assertThat(TableHistory.open(mount.resolve("retail/sales")).newestVersion())
        .isEqualTo(TableHistory.open(table).newestVersion());
  }

  @Test
  void namesAnUnknownOption() {
    CommandLineRun run = CommandLineRun.localLake("--what");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("LocalLake: Unknown option: '--what'");
  }
}
