package io.hdl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.job.Opened;
import io.hdl.core.testing.TestData;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.feed.Lease;
import io.hdl.data.filter.Filter;
import io.hdl.data.row.RowBatch;
import io.hdl.data.row.RowDataset;
import io.hdl.data.row.RowFeed;
import io.hdl.data.row.RowPass;
import io.hdl.data.row.RowSpec;
import io.hdl.data.row.RowSplit;
import io.hdl.data.series.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowSourceTest {
  private static final RowSpec SPEC = RowSpec.features("amount").label("churns").key("customer");

  @TempDir Path folder;
  private DeltaTableWriter writer;

  @BeforeEach
  void createTable() {
    writer =
        DeltaTableWriter.create(
            folder.resolve("customers"),
            List.of(
                Column.of("customer", ColumnType.INTEGER),
                Column.of("amount", ColumnType.DOUBLE),
                Column.of("churns", ColumnType.BOOLEAN)));
    append(0, 100);
  }

  private void append(int from, int to) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(new @Nullable Object[] {i, (double) i, i % 2 == 0});
    }
    writer.append(rows);
  }

  private RowSource source() {
    return DeltaSource.at(folder.resolve("customers")).rows(SPEC);
  }

  private static long rows(RowDataset rows) {
    long count = 0;
    for (Part part : Part.values()) {
      count += rows.rows(part);
    }
    return count;
  }

  @Test
  void opensThePinnedVersionAgainWhenARunGoesOn() throws IOException {
    TestJobContext context = TestJobContext.in(folder);
    try (Opened<RowDataset> opened = source().open(context)) {
      assertThat(rows(opened.data())).isEqualTo(100);
      assertThat(opened.provenance().version()).isEqualTo(1);
      assertThat(opened.provenance().rows()).isEqualTo(100);
      assertThat(opened.provenance().columns()).containsExactly("amount", "churns", "customer");
      assertThat(opened.facts()).containsEntry("rows", "100").containsKey("test rows");
    }
    append(100, 150);
    try (Opened<RowDataset> opened = source().open(context)) {
      assertThat(rows(opened.data())).isEqualTo(100);
    }
    try (Opened<RowDataset> opened = source().load()) {
      assertThat(rows(opened.data())).isEqualTo(150);
    }
    try (Opened<RowDataset> opened =
        DeltaSource.at(folder.resolve("customers"))
            .version(TableVersion.number(1))
            .where(Filter.parse("amount < 10"))
            .rows(SPEC)
            .load()) {
      assertThat(rows(opened.data())).isEqualTo(10);
      assertThat(opened.provenance().specification()).containsEntry("where", "amount < 10");
    }
  }

  @Test
  void stopsWhenTheJobIsCancelled() throws IOException {
    TestJobContext context = TestJobContext.in(folder);
    context.cancellation().request("enough");
    assertThatThrownBy(() -> source().open(context)).isInstanceOf(JobCancelledException.class);
  }

  @Test
  void namesAllProblemsOfItsSettingsAtOnce() {
    RowSpec spec =
        RowSpec.features("amount", "amount")
            .label()
            .key("customer")
            .vocabulary("city", List.of())
            .split(RowSplit.at("day", "2024-01-01", "2024-02-01"));
    assertThatThrownBy(() -> DeltaSource.at("abfss://data@lake/customers").rows(spec).load())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageContainingAll(
            "has 5 problems",
            "table address: \"abfss://data@lake/customers\" (expected:"
                + " abfss://<container>@<account>.dfs.core.windows.net/<path>): \"lake\" is no full"
                + " host name, such as lake.dfs.core.windows.net",
            "row labels: [] (expected: at least one)",
            "row column: \"amount\" occurs twice (expected: once, as feature or label)",
            "vocabulary: \"city\" (expected: a feature or label)",
            "row key: [customer] (expected: none, as the split is by time)");
    assertThatThrownBy(() -> RowSplit.hash(0.6, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("split hash: 0.6, 0.5 (expected: shares from 0 to 1, together at most 1)");
  }

  @Test
  void namesAColumnThatTheTableDoesNotHave() {
    RowSpec spec = RowSpec.features("amuont").label("churns");
    assertThatThrownBy(() -> DeltaSource.at(folder.resolve("customers")).rows(spec).load())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageContaining("\"amuont\"");
  }

  @Test
  void readsARealTableOfTransactions() {
    Path table = TestData.require("delta/online_retail_tx/table");
    RowSpec spec =
        RowSpec.features("unit_price", "country", "customer_id")
            .label("quantity")
            .key("invoice_no")
            .shuffleRows(5000);
    try (Opened<RowDataset> opened =
        DeltaSource.at(table).version(TableVersion.number(5)).rows(spec).load()) {
      RowDataset dataset = opened.data();
      // What Spark counted: 49,228 rows, quantities of 433,433, prices of 224,976.5.
      assertThat(rows(dataset)).isEqualTo(49_228);
      double quantity = 0;
      double price = 0;
      long withoutCustomer = 0;
      for (Part part : Part.values()) {
        try (RowFeed feed = dataset.feed(RowPass.shuffled(part, 1000, 1, 1))) {
          while (feed.hasNext()) {
            try (Lease<RowBatch> lease = feed.next()) {
              for (int i = 0; i < lease.batch().size(); i++) {
                quantity += lease.batch().labels().get(i);
                price += lease.batch().features().get(i * 3);
                withoutCustomer += Float.isNaN(lease.batch().features().get(i * 3 + 2)) ? 1 : 0;
              }
            }
          }
        }
      }
      assertThat(quantity).isEqualTo(433_433);
      assertThat(price).isCloseTo(224_976.5, org.assertj.core.api.Assertions.within(0.1));
      assertThat(withoutCustomer).isEqualTo(17_838);
      assertThat(dataset.features().get(1).categories()).hasSizeBetween(15, 23).isSorted();
    }
  }
}
