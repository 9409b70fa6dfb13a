package io.hdl.benchmarks.train;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Batchifier;
import io.hdl.train.model.ForecastInputs;
import io.hdl.train.model.WindowFeatures;
import io.hdl.train.model.WindowTensors;
import io.hdl.train.parallel.TorchEngine;
import java.util.ArrayList;
import java.util.List;

/** The same Block in DJL's own Trainer, with DJL's Adam, the way its documentation shows. */
final class DjlSteps implements Steps {
  private final Model model;
  private final Trainer trainer;
  private final NDManager memory;
  private final int batchSize;
  private final List<NDList> inputs = new ArrayList<>();
  private final List<NDArray> labels = new ArrayList<>();
  private long step;

  DjlSteps(StepCase sizes) {
    TorchEngine.start();
    batchSize = sizes.batch();
    model = Model.newInstance(sizes.model().name());
    model.setBlock(sizes.model().block(sizes.window(), 1));
    Tracker rate = Tracker.fixed(1e-3f);
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.l1Loss())
            .optOptimizer(Optimizer.adam().optLearningRateTracker(rate).build())
            .optDevices(new Device[] {Device.cpu()});
    trainer = model.newTrainer(config);
    trainer.initialize(ForecastInputs.shapes(sizes.window(), batchSize));
    memory = trainer.getManager().newSubManager();
    try (StepData data = new StepData(sizes);
        NDManager scratch = memory.newSubManager()) {
      WindowFeatures features =
          WindowFeatures.of(data.store().channels(), data.store().constants(), sizes.model());
      for (int b = 0; b < StepData.BATCHES; b++) {
        WindowTensors tensors = WindowTensors.of(data.batch(b), features, data.scaler(), scratch);
        NDList kept = new NDList();
        tensors.inputs().toList().forEach(array -> kept.add(copy(array)));
        inputs.add(kept);
        labels.add(copy(tensors.label().expandDims(2)));
      }
    }
  }

  private NDArray copy(NDArray array) {
    NDArray copy = array.duplicate();
    copy.attach(memory);
    return copy;
  }

  @Override
  public void run(int steps) {
    for (int i = 0; i < steps; i++) {
      int number = (int) (step++ % StepData.BATCHES);
      try (Batch batch = batch(number)) {
        EasyTrain.trainBatch(trainer, batch);
        trainer.step();
      }
    }
  }

  /** The data's memory under names that end with the batch, as a data set's own would. */
  private Batch batch(int number) {
    NDManager manager = trainer.getManager().newSubManager();
    NDList data = new NDList();
    inputs.get(number).forEach(array -> data.add(shared(array, manager)));
    NDList label = new NDList(shared(labels.get(number), manager));
    return new Batch(manager, data, label, batchSize, Batchifier.STACK, Batchifier.STACK, 0, 1);
  }

  private static NDArray shared(NDArray array, NDManager manager) {
    NDArray view = array.stopGradient();
    view.attach(manager);
    return view;
  }

  @Override
  public double loss() {
    try (Batch batch = batch(0)) {
      NDList output = trainer.evaluate(batch.getData());
      return trainer.getLoss().evaluate(batch.getLabels(), output).getFloat();
    }
  }

  @Override
  public long weights() {
    return model.getBlock().getParameters().values().stream()
        .filter(Parameter::requiresGradient)
        .map(Parameter::getShape)
        .mapToLong(Shape::size)
        .sum();
  }

  @Override
  public void close() {
    memory.close();
    trainer.close();
    model.close();
  }
}
