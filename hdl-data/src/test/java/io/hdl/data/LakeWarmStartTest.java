package io.hdl.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.job.Opened;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.hostile.ChildJvm;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.storage.StorageMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fresh JVM loads to open series of a table of a lake that it has. */
class LakeWarmStartTest {
  private static final String TABLE = "abfss://curated@contoso.dfs.core.windows.net/sales";
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "(org\\.apache\\.hadoop|com\\.azure|com\\.microsoft|reactor|io\\.delta|io\\.hdl\\.data\\.lake"
              + "|io\\.hdl\\.data\\.cache|io\\.hdl\\.data\\.transfer|io\\.hdl\\.data\\.delta\\.Snapshot"
              + "|io\\.hdl\\.data\\.storage\\.LakeStore|io\\.hdl\\.data\\.storage\\.LakeAccess)[.\\w$]*");

  @TempDir Path folder;

  private static DeltaSource source() {
    return DeltaSource.at(TABLE).version(TableVersion.number(1));
  }

  private static SeriesSpec spec() {
    return SeriesSpec.keyedBy("item").orderedBy("date", Frequency.DAILY).target("units");
  }

  /** Opens the series; argument: the home directory. */
  static final class Opening {
    private Opening() {}

    public static void main(String[] args) {
      try (Opened<SeriesStore> opened = source().series(spec()).load(Path.of(args[0]))) {
        System.out.println(
            opened.facts().get("series store")
                + " "
                + opened.data().value(0, 7, 0)
                + " "
                + opened.provenance().uri()
                + " "
                + opened.provenance().access());
      }
    }
  }

  @Test
  void loadsNothingOfTheLakeItsIdentityOrTheLog() throws Exception {
    Path table = folder.resolve("mount/sales");
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            table,
            List.of(
                Column.of("item", ColumnType.STRING),
                Column.of("date", ColumnType.DATE),
                Column.of("units", ColumnType.DOUBLE)));
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int day = 0; day < 10; day++) {
      rows.add(new @Nullable Object[] {"a", LocalDate.of(2024, 1, 1).plusDays(day), (double) day});
    }
    writer.append(rows);
    Path home = folder.resolve("home");
    StorageMounts mounts =
        StorageMounts.none()
            .map("abfss://curated@contoso.dfs.core.windows.net", folder.resolve("mount"));
    try (Opened<SeriesStore> built = source().mounts(mounts).series(spec()).load(home)) {
      assertThat(built.facts()).containsEntry("series store", "built");
      assertThat(built.provenance().uri()).isEqualTo(TABLE);
      assertThat(built.provenance().access())
          .containsEntry("mounted at", table.toAbsolutePath().toString());
    }

    Path classes = folder.resolve("classes.txt");
    try (ChildJvm child =
        ChildJvm.start(
            folder,
            List.of("-Xlog:class+load:file=" + classes + ":tags"),
            Opening.class,
            home.toString())) {
      assertThat(child.join(Duration.ofMinutes(1))).as(child.output()).isZero();
      assertThat(child.output())
          .isEqualTo(
              "mapped 7.0 "
                  + TABLE
                  + " {lake=not asked: what was made of the table lies on this machine}"
                  + System.lineSeparator());
    }
    try (Stream<String> loaded = Files.lines(classes)) {
      assertThat(loaded.filter(line -> FORBIDDEN.matcher(line).find())).isEmpty();
    }
    try (Stream<String> loaded = Files.lines(classes)) {
      // It is this log that would show them.
      assertThat(loaded).anyMatch(line -> line.contains("io.hdl.data.SeriesOpening "));
    }
  }
}
