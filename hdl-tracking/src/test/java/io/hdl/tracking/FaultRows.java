package io.hdl.tracking;

import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.core.testing.MlflowServer;
import io.hdl.tracking.FaultPage.Table;
import io.hdl.tracking.FaultedRun.Result;
import io.hdl.tracking.ReportedRun.Part;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What is tried before a server, row by row of the page. */
final class FaultRows {
  private static final Set<Part> FILE = Set.of(Part.FILE);
  private static final Set<Part> ALL = Set.of(Part.FILE, Part.MODEL);
  private static final URI LOGIN = URI.create("https://login.example.org/");

  /** It ends as soon as everything has arrived. */
  private static final Duration PATIENT = Duration.ofSeconds(90);

  /** It lasts that long, since not everything arrives. */
  private static final Duration SHORT = Duration.ofSeconds(8);

  /** One try. */
  interface Trial {
    Result run() throws Exception;
  }

  /**
   * A row.
   *
   * @param forEver empty if that is not tried
   */
  record Row(
      Table table, String name, Optional<Trial> once, Optional<Trial> forEver, String note) {}

  private final FaultedRun runs;
  private final FaultScenes scenes;
  private final boolean all;
  private final List<Row> rows = new ArrayList<>();

  private FaultRows(Path folder, MlflowServer server, boolean all) {
    this.runs = new FaultedRun(folder, server.uri(), server.version());
    this.scenes = new FaultScenes(folder, server);
    this.all = all;
  }

  /**
   * The rows; the first one is the good link.
   *
   * @param all whether also those which no release of MLflow does anything about
   */
  static List<Row> of(Path folder, MlflowServer server, boolean all) {
    FaultRows rows = new FaultRows(folder, server, all);
    rows.addFaults();
    rows.addLostAnswers();
    rows.addScenes();
    return rows.rows;
  }

  private void addFaults() {
    rows.add(
        new Row(
            Table.LINK,
            "none",
            Optional.of(() -> runs.good(FILE)),
            Optional.empty(),
            "for comparison"));
    if (all) {
      rows.add(
          new Row(
              Table.LINK,
              "answers come 200 ms late",
              Optional.of(() -> runs.once(Fault.delay(Duration.ofMillis(200)), 9)),
              Optional.empty(),
              ""));
    }
    fault("503", Fault.status(503), 5, "a storm: five at a time");
    if (all) {
      fault("503 with `Retry-After: 1`", Fault.status(503, "1"), 5, "five");
      fault("429", Fault.status(429), 5, "five");
      fault("429 with `Retry-After: 1`", Fault.status(429, "1"), 5, "five");
      fault("500", Fault.status(500), 2, "two");
      fault("401, the credentials are wrong", Fault.status(401), 0, "");
      fault("403", Fault.status(403), 0, "");
      fault("302 to a login page", Fault.redirect(LOGIN), 0, "not followed");
      fault("200 with a page of HTML", Fault.page(200, "<html>log in"), 0, "");
      fault("no answer, connection open", Fault.stall(), 1, "limit of a call");
      fault("stalls after 10 bytes of an answer", Fault.stallWithin(10), 1, "");
    }
    fault("closed after 10 bytes of an answer", Fault.truncate(10), 2, "two");
    if (all) {
      fault("reset after 10 bytes of an answer", Fault.resetWithin(10), 2, "two");
      fault("reset before the answer", Fault.reset(), 2, "two");
      fault("closed (FIN) before the answer", Fault.fin(), 2, "two");
      rows.add(
          new Row(
              Table.LINK,
              "connection refused",
              Optional.of(() -> runs.refused(false)),
              Optional.of(() -> runs.refused(true)),
              "once: until the run reports"));
    }
  }

  private void fault(String name, Fault fault, int times, String note) {
    rows.add(
        new Row(
            Table.LINK,
            name,
            times == 0 ? Optional.empty() : Optional.of(() -> runs.once(fault, times)),
            all ? Optional.of(() -> runs.forEver(fault)) : Optional.empty(),
            note));
  }

  private void addLostAnswers() {
    lost("experiments/create", FILE, PATIENT, "asked for by its name again");
    lost("runs/create", FILE, PATIENT, "searched by its own tag before it is created again");
    lost("log-batch", FILE, SHORT, "times are frozen: the same value again is the same row");
    lost(
        "`log-batch` with NaN",
        request -> request.target().endsWith("log-batch") && request.body().contains("NaN"),
        FILE,
        SHORT,
        "NaN goes alone; `UNIQUE constraint failed` is taken for delivered");
    lost("log-inputs", FILE, SHORT, "same digest, same dataset");
    lost("runs/update", FILE, SHORT, "sets, does not add");
    lost(
        "PUT of an artifact",
        request -> request.method().equals("PUT"),
        FILE,
        SHORT,
        "the same bytes at the same path");
    lost("registered-models/create", ALL, SHORT, "`RESOURCE_ALREADY_EXISTS` is taken for done");
    lost(
        "model-versions/create",
        ALL,
        PATIENT,
        "searched by run and own tag before it is created again");
    lost("registered-models/alias", ALL, PATIENT, "sets, does not add");
    if (all) {
      lost(
          "`logged-models`",
          request -> request.target().contains("logged-models"),
          ALL,
          SHORT,
          "searched by its own tag before it is created again");
      lost("runs/outputs", ALL, PATIENT, "the run's outputs are read first");
    }
  }

  private void lost(String endpoint, Set<Part> parts, Duration flush, String note) {
    lost("`" + endpoint + "`", request -> request.target().endsWith(endpoint), parts, flush, note);
  }

  private void lost(
      String name,
      Predicate<FaultProxy.Seen> requests,
      Set<Part> parts,
      Duration flush,
      String note) {
    rows.add(
        new Row(
            Table.LOST,
            name,
            Optional.of(() -> runs.answersLost(requests, parts)),
            all ? Optional.of(() -> runs.allAnswersLost(requests, parts, flush)) : Optional.empty(),
            note));
  }

  private void addScenes() {
    scene("run deleted in mid-run", scenes::runDeleted, "restored, and told");
    scene("run forgotten in mid-run", scenes::runForgotten, "made anew from the log");
    scene("400 for one item of a batch", scenes::refusedItem, "halved until it is alone");
    scene("another value for a param", scenes::changedParam, "the first one stays, and told");
    if (!all) {
      return;
    }
    scene(
        "token expired in mid-run",
        () -> scenes.expiredToken(401, "who are you?"),
        "401: a new one, once");
    scene(
        "token expired in mid-run, told by 403",
        () -> scenes.expiredToken(403, "Token is expired"),
        "a new one, once, if the answer says so");
    scene("experiment deleted in mid-run", scenes::experimentDeleted, "told");
    scene("no link for a day", scenes::dayWithoutLink, "by the clock; times are kept");
    scene(
        "disk full in mid-run",
        () -> scenes.fullDisk(FullDiskRun.When.FOR_A_WHILE),
        "waits in memory until there is room");
    scene(
        "disk full to the end of the job",
        () -> scenes.fullDisk(FullDiskRun.When.TO_THE_END),
        "goes from memory to the server");
    scene(
        "disk full from before the run's opening to the end",
        () -> scenes.fullDisk(FullDiskRun.When.ALL_THE_TIME),
        "the same; a whole job that begins there is refused");
    scene(
        "last record torn, run goes on",
        () -> scenes.damagedLog(FaultScenes.Damage.torn()),
        "what was torn was never acknowledged");
    scene(
        "a record damaged, run goes on",
        () -> scenes.damagedLog(FaultScenes.Damage.flipped()),
        "left out and told; what the run reports again is taken");
  }

  private void scene(String name, Trial trial, String note) {
    rows.add(new Row(Table.SCENES, name, Optional.of(trial), Optional.empty(), note));
  }
}
