package io.hdl.data.feature;

import java.util.List;

/** What a fit reads, as often as it needs. */
interface TrainingFrames {
  /**
   * One step that is fitted: the steps before it that it depends on, and the column they leave.
   *
   * @param schema the columns after those steps
   */
  record Fitting(Gatherer gatherer, Schema schema, List<FittedStep.Operation> before, int column) {
    /** Reads the column of the series or batch that the frame was begun with. */
    void read(Frame frame, Gatherer.Part part) {
      before.forEach(step -> step.apply(frame));
      part.add(frame.column(column), frame.size(column));
    }
  }

  /** Reads all training values for some fits, and ends this pass of theirs. */
  void read(List<Fitting> fittings, int pass);
}
