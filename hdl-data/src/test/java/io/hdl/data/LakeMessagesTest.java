package io.hdl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.Secret;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.job.Opened;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.profile.ProfileSpec;
import io.hdl.data.profile.TableProfile;
import io.hdl.data.row.RowDataset;
import io.hdl.data.row.RowSpec;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.testing.DfsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job on a lake says when it cannot go on, word by word. */
class LakeMessagesTest {
  private static final SeriesSpec SPEC =
      SeriesSpec.keyedBy("item").orderedBy("date", Frequency.DAILY).target("units");

  @TempDir Path folder;
  private final DfsServer lake = DfsServer.start();

  @BeforeEach
  void writeTable() {
    Path table = folder.resolve("sales");
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            table,
            List.of(
                Column.of("item", ColumnType.STRING),
                Column.of("date", ColumnType.DATE),
                Column.of("units", ColumnType.DOUBLE)));
    writer.append(
        List.<@Nullable Object[]>of(new @Nullable Object[] {"a", LocalDate.of(2024, 1, 1), 1.0}));
    lake.createContainer("curated");
    lake.putFolder("curated", "retail/sales", table);
  }

  @AfterEach
  void stop() {
    lake.close();
  }

  private static TokenSource tokens(String value) {
    return new TokenSource() {
      @Override
      public AccessToken token(List<String> scopes) {
        return new AccessToken(value, Instant.now().plusSeconds(3600));
      }

      @Override
      public String description() {
        return "managed identity, system-assigned";
      }
    };
  }

  private LakeAccess access() {
    return LakeAccess.fromEnvironment()
        .emulator(lake.endpoint(), Secret.of(lake.accountKey()))
        .retry(
            RetryPolicy.builder()
                .maxTries(2)
                .firstDelay(Duration.ofMillis(1))
                .deadline(Duration.ofSeconds(20))
                .build());
  }

  private DeltaSource source(String address) {
    return DeltaSource.at(address)
        .access(access())
        .cache(CacheTiers.hot(folder.resolve("hot")).warm(folder.resolve("warm")));
  }

  private HdlException failure(DeltaSource source) {
    HdlException failure =
        catchThrowableOfType(
            HdlException.class,
            () -> source.series(SPEC).open(TestJobContext.in(folder.resolve("home"))).close());
    assertThat(failure).isNotNull();
    return failure;
  }

  private void says(DeltaSource source, ErrorCode code, String message) {
    HdlException failure = failure(source);
    assertThat(failure).hasMessage(message);
    assertThat(failure.code()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "abfss:/curated/sales | it has no scheme or no //",
        "abfss://curated/sales | it names no container: there is no @",
        "abfss://curated@contoso/sales | \"contoso\" is no full host name, such as"
            + " contoso.dfs.core.windows.net",
        "abfss://curated@contoso.blob.core.windows.net/sales | it names the Blob endpoint; put .dfs."
            + " for .blob.",
        "wasbs://curated@contoso.blob.core.windows.net/sales | wasbs: is the older Blob driver; use"
            + " abfss:",
        "abfss://curated@contoso.dfs.core.windows.net/my sales | its path is not percent-encoded (a"
            + " blank is %20)",
        "ftp://contoso/sales | the scheme ftp: is not known"
      })
  void whatIsWrongWithAnAddress(String address, String why) {
    says(
        source(address),
        ErrorCode.INVALID_SETTINGS,
        "The data source has a problem:"
            + System.lineSeparator()
            + "  - table address: \""
            + address
            + "\" (expected: abfss://<container>@<account>.dfs.core.windows.net/<path>): "
            + why);
  }

  @Test
  void thatThereIsNoTable() {
    says(
        source(lake.address("curated", "retail/nothing").toString()),
        ErrorCode.NOT_FOUND,
        "Cannot open the table "
            + lake.address("curated", "retail/nothing")
            + ": nothing lies at this address. Check the account, the container and the path.");
  }

  @Test
  void thatThereIsNoContainer() {
    says(
        source(lake.address("elsewhere", "retail/sales").toString()),
        ErrorCode.NOT_FOUND,
        "Cannot open abfs://elsewhere@contoso.dfs.core.windows.net/: the account contoso has no"
            + " container \"elsewhere\". Check the address.");
  }

  @Test
  void thatTheIdentityIsNotAccepted() {
    lake.deny(401);
    says(
        source(lake.address("curated", "retail/sales").toString())
            .access(access().credential(tokens("secret-token"))),
        ErrorCode.UNAUTHENTICATED,
        "Cannot open abfs://curated@contoso.dfs.core.windows.net/: the service does not accept the"
            + " credential (401 InvalidAuthenticationInfo; used: managed identity,"
            + " system-assigned). It may be expired or revoked, or be one of another tenant than"
            + " the account's.");
  }

  @Test
  void thatTheIdentityMayNotRead() {
    lake.deny(403);
    says(
        source(lake.address("curated", "retail/sales").toString())
            .access(access().credential(tokens("secret-token"))),
        ErrorCode.PERMISSION_DENIED,
        "Cannot list abfs://curated@contoso.dfs.core.windows.net/retail/sales/_delta_log: permission"
            + " is missing (403 AuthorizationPermissionMismatch; used: managed identity,"
            + " system-assigned). Give this identity the role Storage Blob Data Reader on the"
            + " container, or an access control list that allows it.");
  }

  @Test
  void thatATokenIsRefused() {
    lake.acceptOnly("another");
    says(
        source(lake.address("curated", "retail/sales").toString())
            .access(access().credential(tokens("secret-token"))),
        ErrorCode.UNAUTHENTICATED,
        "Cannot open abfs://curated@contoso.dfs.core.windows.net/: the service does not accept the"
            + " credential (401 InvalidAuthenticationInfo; used: managed identity,"
            + " system-assigned). It may be expired or revoked, or be one of another tenant than"
            + " the account's.");
  }

  @Test
  void thatAHostIsNotKnown() {
    HdlException failure =
        failure(
            source("abfss://curated@no-such-account.dfs.core.windows.invalid/sales")
                .access(
                    LakeAccess.fromEnvironment()
                        .credential(tokens("secret-token"))
                        .retry(access().retry())));
    assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure)
        .hasMessageMatching(
            "Cannot find out the newest version of the table"
                + " abfss://curated@no-such-account\\.dfs\\.core\\.windows\\.invalid/sales: the lake"
                + " cannot be reached, and no version is cached here\\. Restore the link\\. The link's"
                + " last word: Cannot open abfss://.*/: gave up after 2 tries in .* s\\. The last"
                + " failure: Cannot open abfss://.*/: the name"
                + " no-such-account\\.dfs\\.core\\.windows\\.invalid cannot be resolved\\. Check the"
                + " account's name, and the DNS of this network where the account has a private"
                + " endpoint\\.");
  }

  @Test
  void thatATierCannotBeUsedAndReadsOn() throws IOException {
    Path file = Files.writeString(folder.resolve("a-file"), "x");
    TestJobContext context = TestJobContext.in(folder.resolve("home"));
    DeltaSource source =
        source(lake.address("curated", "retail/sales").toString())
            .cache(CacheTiers.warmOnly(file.resolve("warm"), Long.MAX_VALUE));
    try (Opened<SeriesStore> opened = source.series(SPEC).open(context)) {
      assertThat(opened.data().value(0, 0, 0)).isEqualTo(1f);
    }
    Path warm = file.resolve("warm");
    assertThat(context.events().warnings())
        .containsExactly(
            "The warm tier "
                + warm
                + " cannot be used: Cannot use "
                + warm
                + ": "
                + warm
                + "/lake/.hdl is in the way: a file where a folder is needed, or the reverse."
                + " Remove it or choose another path. The work goes on without it; it is tried"
                + " again every 30 s.",
            "Version 1 of "
                + lake.address("curated", "retail/sales")
                + " is not kept for this run: Cannot keep version 1 of "
                + lake.address("curated", "retail/sales")
                + " for test-job/run-1: there is no cache tier that can be used. Name one with"
                + " CacheTiers.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a quota below one file", "a full disk", "a read-only disk"})
  void thatATierTakesNothingAndReadsOn(String what) {
    Path hot = folder.resolve("hot");
    CacheTiers tiers =
        switch (what) {
          case "a quota below one file" -> CacheTiers.hot(hot, 10);
          case "a full disk" -> CacheTiers.hot(hot).keepFree(1L << 60);
          default -> {
            hot = Path.of("/sys/hdl");
            assumeTrue(Files.isDirectory(Path.of("/sys/fs")), "No /sys: no disk that is read-only");
            yield CacheTiers.hot(hot);
          }
        };
    TestJobContext context = TestJobContext.in(folder.resolve("home"));
    DeltaSource source =
        DeltaSource.at(lake.address("curated", "retail/sales").toString())
            .access(access())
            .cache(tiers);
    // In memory, as the file of the series would lie on that disk.
    try (OpenTable table = source.open()) {
      assertThat(TableProfile.of(table.snapshot(), ProfileSpec.allColumns(), 2, () -> {}).rows())
          .isEqualTo(1);
    }
    RowSpec rows = RowSpec.features("units").label("date").key("item");
    try (Opened<RowDataset> opened = source.rows(rows).open(context)) {
      assertThat(opened.data().rows()).isEqualTo(1);
    }
    assertThat(context.events().warnings()).isNotEmpty();
    assertThat(context.events().warnings().get(0)).contains("hot tier", hot.toString());
  }
}
