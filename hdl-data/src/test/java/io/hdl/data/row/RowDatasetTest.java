package io.hdl.data.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.job.Cancellation;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.feature.FeatureColumn;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;
import io.hdl.data.filter.Filter;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Part;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RowDatasetTest {
  private static final int FILES = 24;
  private static final int ROWS = 400;
  private static final LocalDate DAY = LocalDate.of(2024, 1, 1);
  private static final List<String> COUNTRIES = List.of("be", "de", "fr", "nl");

  // Half the ranges (one for each file) do not fit a block, so that a pass streams many blocks.
  private static final RowSpec SPEC =
      RowSpec.features("id", "amount", "country", "foreign", "day")
          .label("fraud")
          .key("customer")
          .split(RowSplit.hash(0.15, 0.15))
          .shuffleRows(1000);

  @TempDir static Path folder;

  private record Row(long number, List<Float> features, List<Float> labels) {}

  @BeforeAll
  static void writeTable() {
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            table(),
            List.of(
                Column.of("id", ColumnType.INTEGER),
                Column.of("customer", ColumnType.LONG),
                Column.of("amount", ColumnType.DOUBLE),
                Column.of("country", ColumnType.STRING),
                Column.of("foreign", ColumnType.BOOLEAN),
                Column.of("day", ColumnType.DATE),
                Column.of("at", ColumnType.TIMESTAMP),
                Column.of("fraud", ColumnType.BOOLEAN)));
    for (int file = 0; file < FILES; file++) {
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        rows.add(row(file * ROWS + i));
      }
      writer.append(rows);
    }
  }

  private static Path table() {
    return folder.resolve("payments");
  }

  private static @Nullable Object[] row(int id) {
    return new @Nullable Object[] {
      id,
      (long) (id * 7919 % 1500),
      id % 50 == 0 ? null : id % 51 == 0 ? Double.POSITIVE_INFINITY : id * 0.5,
      id % 40 == 0 ? null : COUNTRIES.get(id % 4),
      id % 3 == 0,
      DAY.plusDays(id % 300),
      DAY.plusDays(id % 300).atStartOfDay().toInstant(java.time.ZoneOffset.UTC),
      id % 100 == 99 ? null : id % 7 == 0
    };
  }

  private static TableSnapshot snapshot() {
    return TableSnapshot.open(table(), TableVersion.latest());
  }

  private static RowDataset open(RowSpec spec) {
    return open(spec, 2);
  }

  private static RowDataset open(RowSpec spec, int threads) {
    return RowDataset.open(snapshot(), Filter.all(), spec, threads, () -> {});
  }

  private static List<Row> rows(RowFeed feed) {
    List<Row> rows = new ArrayList<>();
    while (feed.hasNext()) {
      try (Lease<RowBatch> lease = feed.next()) {
        RowBatch batch = lease.batch();
        for (int i = 0; i < batch.size(); i++) {
          rows.add(
              new Row(
                  batch.rowNumber(i),
                  floats(batch.features(), i, batch.size()),
                  floats(batch.labels(), i, batch.size())));
        }
      }
    }
    return rows;
  }

  private static List<Float> floats(FloatBuffer values, int row, int rows) {
    int width = values.remaining() / rows;
    List<Float> list = new ArrayList<>();
    for (int c = 0; c < width; c++) {
      list.add(values.get(row * width + c));
    }
    return list;
  }

  private static List<Row> rows(RowDataset dataset, RowPass pass) {
    try (RowFeed feed = dataset.feed(pass)) {
      return rows(feed);
    }
  }

  private static List<Integer> ids(List<Row> rows) {
    return rows.stream().map(row -> row.features().get(0).intValue()).toList();
  }

  @Test
  void partsTheRowsThatHaveALabelAndGivesTheValuesOfTheTable() {
    try (RowDataset dataset = open(SPEC)) {
      assertThat(dataset.features())
          .containsExactly(
              FeatureColumn.number("id"),
              FeatureColumn.number("amount"),
              new FeatureColumn("country", Channel.Kind.CATEGORY, COUNTRIES),
              new FeatureColumn("foreign", Channel.Kind.BOOLEAN, List.of()),
              FeatureColumn.number("day"));
      assertThat(dataset.labels())
          .containsExactly(new FeatureColumn("fraud", Channel.Kind.BOOLEAN, List.of()));
      BitSet seen = new BitSet();
      Map<Long, Part> parts = new HashMap<>();
      Set<Long> numbers = new TreeSet<>();
      for (Part part : Part.values()) {
        List<Row> rows = rows(dataset, RowPass.inOrder(part, 64));
        assertThat((long) rows.size()).isEqualTo(dataset.rows(part));
        for (Row row : rows) {
          int id = row.features().get(0).intValue();
          assertThat(seen.get(id)).isFalse();
          seen.set(id);
          numbers.add(row.number());
          @Nullable Object[] values = row(id);
          assertThat(row.features().get(1))
              .isEqualTo((Float) (id % 50 == 0 || id % 51 == 0 ? Float.NaN : id * 0.5f));
          assertThat(row.features().get(2)).isEqualTo((Float) (id % 40 == 0 ? Float.NaN : id % 4));
          assertThat(row.features().get(3)).isEqualTo(id % 3 == 0 ? 1f : 0f);
          assertThat(row.features().get(4)).isEqualTo((float) DAY.plusDays(id % 300).toEpochDay());
          assertThat(row.labels()).containsExactly(id % 7 == 0 ? 1f : 0f);
          Part other = parts.putIfAbsent((Long) values[1], part);
          assertThat(other).isIn(null, part);
        }
      }
      assertThat(seen.cardinality()).isEqualTo(FILES * ROWS - FILES * ROWS / 100);
      assertThat(numbers).hasSize(seen.cardinality());
      double share = (double) dataset.rows(Part.TEST) / seen.cardinality();
      assertThat(share).isCloseTo(0.15, within(0.03));
      assertThat(dataset.facts())
          .containsEntry("rows", "9600")
          .containsEntry("rows without a label", "96");
    }
  }

  @ParameterizedTest
  @EnumSource(Part.class)
  void givesEachRowOncePerEpochAndAnotherOrderInAnotherEpoch(Part part) {
    try (RowDataset dataset = open(SPEC)) {
      List<Integer> inOrder = ids(rows(dataset, RowPass.inOrder(part, 100)));
      List<List<Integer>> epochs = new ArrayList<>();
      for (long epoch = 0; epoch < 4; epoch++) {
        List<Integer> ids = ids(rows(dataset, RowPass.shuffled(part, 33, 5, epoch)));
        assertThat(ids).isNotEqualTo(inOrder).containsExactlyInAnyOrderElementsOf(inOrder);
        epochs.add(ids);
      }
      assertThat(Set.copyOf(epochs)).hasSize(4);
      assertThat(ids(rows(dataset, RowPass.shuffled(part, 33, 6, 0)))).isNotEqualTo(epochs.get(0));
    }
  }

  @Test
  void theTableOrderIsThatOfTheFilesAndTheirRows() {
    try (RowDataset dataset = open(SPEC)) {
      List<Row> rows = rows(dataset, RowPass.inOrder(Part.TRAIN, 100));
      List<Long> numbers = rows.stream().map(Row::number).toList();
      assertThat(numbers).isSorted();
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,2", "1,2,3", "2,1,2", "4,4,6", "3,2,8"})
  void theOrderDoesNotDependOnThreadsOrTheRing(int decoding, int drawing, int depth) {
    List<Row> expected;
    try (RowDataset dataset = open(SPEC)) {
      expected = rows(dataset, RowPass.shuffled(Part.TRAIN, 70, 11, 2));
    }
    FeedSettings settings = new FeedSettings(drawing, depth, () -> {});
    try (RowDataset dataset = open(SPEC, decoding);
        RowFeed feed = dataset.feed(RowPass.shuffled(Part.TRAIN, 70, 11, 2), settings)) {
      assertThat(rows(feed)).isEqualTo(expected);
      // The same feed again, after a pass that was left in its middle.
      feed.begin(RowPass.shuffled(Part.TRAIN, 70, 11, 3));
      feed.next().close();
      feed.begin(RowPass.shuffled(Part.TRAIN, 70, 11, 2));
      assertThat(rows(feed)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 500, 1000, 3000, 20_000})
  void anyBatchSizeGivesTheSameRowsInTheSameOrder(int batchSize) {
    try (RowDataset dataset = open(SPEC)) {
      assertThat(rows(dataset, RowPass.shuffled(Part.TRAIN, batchSize, 1, 1)))
          .isEqualTo(rows(dataset, RowPass.shuffled(Part.TRAIN, 64, 1, 1)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 17, 50, 93, 94})
  void goesOnWhereAnEarlierAttemptStopped(long batch) {
    try (RowDataset dataset = open(SPEC)) {
      RowPass pass = RowPass.shuffled(Part.TRAIN, 70, 3, 1);
      List<Row> all = rows(dataset, pass);
      assertThat((all.size() + 69) / 70).isEqualTo(94);
      int from = (int) Math.min(all.size(), batch * 70);
      assertThat(rows(dataset, pass.from(batch))).isEqualTo(all.subList(from, all.size()));
    }
  }

  @Test
  void theSharesOfAllReplicasMakeTheBatch() {
    try (RowDataset dataset = open(SPEC)) {
      RowPass pass = RowPass.shuffled(Part.TRAIN, 70, 3, 1);
      List<Row> all = rows(dataset, pass);
      List<List<Row>> shares = new ArrayList<>();
      for (int rank = 0; rank < 3; rank++) {
        shares.add(rows(dataset, pass.share(rank, 3)));
      }
      List<Row> together = new ArrayList<>();
      int[] taken = new int[3];
      for (int from = 0; from < all.size(); from += 70) {
        int size = Math.min(70, all.size() - from);
        for (int rank = 0; rank < 3; rank++) {
          int count = (size * (rank + 1) + 2) / 3 - (size * rank + 2) / 3;
          together.addAll(shares.get(rank).subList(taken[rank], taken[rank] + count));
          taken[rank] += count;
        }
      }
      assertThat(together).isEqualTo(all);
    }
  }

  @Test
  void aBlockMixesRangesFromAllOverTheTable() {
    int[] shuffleRows = {1000, 4000, 100_000};
    double[] displacement = new double[3];
    double[] step = new double[3];
    for (int s = 0; s < 3; s++) {
      try (RowDataset dataset = open(SPEC.shuffleRows(shuffleRows[s]))) {
        List<Row> rows = rows(dataset, RowPass.shuffled(Part.TRAIN, 70, 9, 0));
        double rowCount = FILES * ROWS;
        for (int i = 1; i < rows.size(); i++) {
          double at = (double) i / rows.size();
          displacement[s] += Math.abs(rows.get(i).number() / rowCount - at) / rows.size();
          step[s] +=
              Math.abs(rows.get(i).number() - rows.get(i - 1).number()) / rowCount / rows.size();
        }
      }
    }
    // In a full shuffle a row lies a third of the table away from its place, and as far from its
    // neighbour. Small blocks of whole ranges reach the first already, the second only nearly.
    for (int s = 0; s < 3; s++) {
      assertThat(displacement[s]).as("%d rows", shuffleRows[s]).isBetween(0.22, 0.44);
    }
    assertThat(step[0]).isBetween(0.08, 0.36);
    assertThat(step[1]).isBetween(0.2, 0.4);
    assertThat(step[2]).isCloseTo(1 / 3.0, within(0.02));
  }

  @Test
  void aPartThatFitsIsShuffledAsAWhole() {
    try (RowDataset dataset = open(SPEC.shuffleRows(100_000))) {
      List<Integer> ids = ids(rows(dataset, RowPass.shuffled(Part.TRAIN, 70, 9, 0)));
      int[] ofFile = new int[FILES];
      ids.subList(0, 1200).forEach(id -> ofFile[id / ROWS]++);
      for (int count : ofFile) {
        assertThat(count).isBetween(25, 80);
      }
    }
  }

  @Test
  void withoutAKeyTheContentDecidesThePartSoThatItOutlivesARewriting() {
    RowSpec spec = RowSpec.features("id", "country", "foreign").label("fraud");
    Map<Part, List<Integer>> parts = new HashMap<>();
    try (RowDataset dataset = open(spec)) {
      for (Part part : Part.values()) {
        parts.put(part, ids(rows(dataset, RowPass.inOrder(part, 500))).stream().sorted().toList());
      }
    }
    assertThat(parts.values()).allSatisfy(part -> assertThat(part).hasSizeGreaterThan(700));
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            folder.resolve("rewritten"),
            List.of(
                Column.of("foreign", ColumnType.BOOLEAN),
                Column.of("fraud", ColumnType.BOOLEAN),
                Column.of("id", ColumnType.LONG),
                Column.of("country", ColumnType.STRING)));
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int id = FILES * ROWS - 1; id >= 0; id--) {
      @Nullable Object[] row = row(id);
      rows.add(new @Nullable Object[] {row[4], row[7], (long) id, row[3]});
    }
    writer.append(rows);
    TableSnapshot rewritten =
        TableSnapshot.open(folder.resolve("rewritten"), TableVersion.latest());
    try (RowDataset dataset = RowDataset.open(rewritten, Filter.all(), spec, 1, () -> {})) {
      for (Part part : Part.values()) {
        assertThat(ids(rows(dataset, RowPass.inOrder(part, 500))).stream().sorted().toList())
            .isEqualTo(parts.get(part));
      }
    }
  }

  @Test
  void thePartsOfAHashAreTheSameInEveryRelease() {
    try (RowDataset dataset = open(SPEC)) {
      assertThat(Arrays.stream(Part.values()).map(dataset::rows).toList())
          .containsExactly(6576L, 1510L, 1418L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"day", "at"})
  void cutsByTime(String column) {
    RowSpec spec =
        RowSpec.features("id")
            .label("fraud")
            .split(RowSplit.at(column, "2024-07-01", "2024-09-01"));
    long validation = DAY.until(LocalDate.of(2024, 7, 1), java.time.temporal.ChronoUnit.DAYS);
    long test = DAY.until(LocalDate.of(2024, 9, 1), java.time.temporal.ChronoUnit.DAYS);
    try (RowDataset dataset = open(spec)) {
      assertThat(ids(rows(dataset, RowPass.inOrder(Part.TRAIN, 50))))
          .allMatch(id -> id % 300 < validation);
      assertThat(ids(rows(dataset, RowPass.inOrder(Part.VALIDATION, 50))))
          .isNotEmpty()
          .allMatch(id -> id % 300 >= validation && id % 300 < test);
      assertThat(ids(rows(dataset, RowPass.inOrder(Part.TEST, 50))))
          .isNotEmpty()
          .allMatch(id -> id % 300 >= test);
    }
  }

  @Test
  void learnsTheTextsOfTheTrainingPartAndTakesGivenOnes() {
    // The country "nl" occurs on days of the test part only.
    Filter filter = Filter.parse("country != 'nl' or day >= '2024-09-01'");
    RowSpec spec =
        RowSpec.features("id", "country")
            .label("fraud")
            .split(RowSplit.at("day", "2024-07-01", "2024-09-01"));
    try (RowDataset dataset = RowDataset.open(snapshot(), filter, spec, 2, () -> {})) {
      assertThat(dataset.features().get(1).categories()).containsExactly("be", "de", "fr");
      assertThat(rows(dataset, RowPass.inOrder(Part.TEST, 50)))
          .filteredOn(row -> row.features().get(0).intValue() % 4 == 3)
          .isNotEmpty()
          .allMatch(row -> row.features().get(1).isNaN());
      assertThat(Long.parseLong(dataset.facts().getOrDefault("rows filtered", "0"))).isPositive();
    }
    try (RowDataset dataset = open(spec.vocabulary("country", List.of("nl", "de")))) {
      assertThat(dataset.features().get(1).categories()).containsExactly("nl", "de");
      assertThat(rows(dataset, RowPass.inOrder(Part.TRAIN, 50)))
          .filteredOn(row -> row.features().get(0).intValue() % 40 != 0)
          .allSatisfy(
              row ->
                  assertThat(row.features().get(1))
                      .isEqualTo(
                          (Float)
                              switch (row.features().get(0).intValue() % 4) {
                                case 3 -> 0f;
                                case 1 -> 1f;
                                default -> Float.NaN;
                              }));
    }
  }

  @Test
  void givesTheTrainingRowsToAPipeline() {
    try (RowDataset dataset = open(SPEC)) {
      List<Integer> ids = new ArrayList<>();
      dataset
          .trainingRows()
          .read(
              (values, count) -> {
                for (int i = 0; i < count; i++) {
                  ids.add((int) values.get(i * 5));
                }
              });
      assertThat(ids).isEqualTo(ids(rows(dataset, RowPass.inOrder(Part.TRAIN, 64))));
      assertThat(dataset.trainingRows().columns()).isEqualTo(dataset.features());
    }
  }

  @Test
  void aCancelledJobEndsTheFeedAndClosingItMidwayLeavesNoThread() {
    Set<Thread> before = feedThreads();
    Cancellation cancellation = new Cancellation();
    try (RowDataset dataset =
        RowDataset.open(snapshot(), Filter.all(), SPEC, 2, cancellation::throwIfRequested)) {
      try (RowFeed feed = dataset.feed(RowPass.shuffled(Part.TRAIN, 70, 3, 1))) {
        feed.next().close();
        cancellation.request("enough");
        assertThatThrownBy(() -> rows(feed)).isInstanceOf(JobCancelledException.class);
      }
    }
    assertThat(feedThreads()).isSubsetOf(before);
  }

  /** Threads of feeds, those that other tests in this JVM may have open included. */
  private static Set<Thread> feedThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("hdl-feed-"))
        .collect(Collectors.toSet());
  }

  @Test
  void aDataFileThatIsGoneReachesTheConsumerWithItsOwnError() throws java.io.IOException {
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            folder.resolve("vanishing"),
            List.of(Column.of("x", ColumnType.DOUBLE), Column.of("y", ColumnType.DOUBLE)));
    for (int file = 0; file < 3; file++) {
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        rows.add(new @Nullable Object[] {(double) i, (double) file});
      }
      writer.append(rows);
    }
    TableSnapshot snapshot = TableSnapshot.open(folder.resolve("vanishing"), TableVersion.latest());
    RowSpec spec = RowSpec.features("x").label("y").shuffleRows(50);
    try (RowDataset dataset = RowDataset.open(snapshot, Filter.all(), spec, 1, () -> {})) {
      java.nio.file.Files.delete(Path.of(snapshot.files().get(2).address()));
      try (RowFeed feed = dataset.feed(RowPass.inOrder(Part.TRAIN, 10))) {
        assertThatThrownBy(() -> rows(feed))
            .isInstanceOf(HdlException.class)
            .hasMessageContaining(
                Path.of(snapshot.files().get(2).address()).getFileName().toString());
      }
    }
  }

  @Test
  void anEmptyPartHasNoBatch() {
    try (RowDataset dataset = open(SPEC.split(RowSplit.hash(0, 0)))) {
      assertThat(dataset.rows(Part.TEST)).isZero();
      assertThat(rows(dataset, RowPass.inOrder(Part.TEST, 10))).isEmpty();
      assertThat(rows(dataset, RowPass.shuffled(Part.TEST, 10, 1, 1))).isEmpty();
    }
  }

  @Test
  void namesEveryColumnWhoseTypeDoesNotSuitItsRole() {
    RowSpec spec =
        RowSpec.features("at", "id").label("fraud").key("amount").vocabulary("id", List.of("1"));
    assertThatThrownBy(() -> open(spec))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageContaining(
            "feature \"at\" is timestamp (expected: a number, a boolean, a date or a string); key"
                + " \"amount\" is double (expected: an integer, a boolean, a string, a date or a"
                + " timestamp); column \"id\" is integer (expected: a string, as it has a"
                + " vocabulary)");
    assertThatThrownBy(
            () ->
                open(
                    RowSpec.features("id")
                        .label("fraud")
                        .split(RowSplit.at("day", "July", "2024-09-01"))))
        .isInstanceOf(HdlException.class)
        .hasMessage(
            "split validationFrom: \"July\" (expected: what the time column holds, which is date)");
  }
}
