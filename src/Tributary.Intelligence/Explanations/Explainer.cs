using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Explanations;

/// <summary>Finds the explainer of a model.</summary>
public static class Explainer
{
    /// <summary>The explainer of a model; that of the model inside for a calibrated one. Throws for a model of an unknown kind.</summary>
    public static IExplainer For(IModel model) => model switch
    {
        GbdtModel trees => new TreeExplainer(trees),
        LogisticModel logistic => new LinearExplainer(logistic),
        CalibratedModel calibrated => For(calibrated.Inner),
        BlendedModel blend => new BlendExplainer(blend),
        _ => throw new NotSupportedException($"There is no explainer for {model.GetType().Name}."),
    };
}
