namespace Tributary.Intelligence.Policy.Schema;

/// <summary>Where an attribute's value comes from.</summary>
public enum AttributeSource
{
    /// <summary>The row of features that the model scores.</summary>
    Feature = 0,

    /// <summary>A fact of the payment that stands beside the features.</summary>
    Fact = 1,

    /// <summary>The model's score.</summary>
    Score = 2,
}
