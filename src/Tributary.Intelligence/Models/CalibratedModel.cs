using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Models;

/// <summary>A model whose scores are mapped to what came true on rows it was not trained on. Explanations are those of the model inside.</summary>
public sealed class CalibratedModel(IModel inner, ICalibration calibration) : IModel
{
    public FeatureSchema Schema => Inner.Schema;

    /// <summary>The model that is calibrated.</summary>
    public IModel Inner { get; } = inner;

    /// <summary>The map from its scores.</summary>
    public ICalibration Calibration { get; } = calibration;

    public double Score(ReadOnlySpan<float> row) => Calibration.Calibrate(Inner.Score(row));
}
