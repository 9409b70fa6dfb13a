package io.hdl.train.report;

/**
 * The losses of one epoch.
 *
 * @param epoch number of the epoch, from 1
 * @param train mean loss on the training part; NaN if unknown
 * @param validation loss on the validation part; NaN if unknown
 */
public record EpochLoss(int epoch, double train, double validation) {}
