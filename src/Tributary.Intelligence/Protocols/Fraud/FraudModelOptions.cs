using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Models.Files;

namespace Tributary.Intelligence.Protocols.Fraud;

/// <summary>What a model for use is trained with.</summary>
public sealed record FraudModelOptions
{
    /// <summary>The format of the payments.</summary>
    public required PaymentFormat Format { get; init; }

    /// <summary>The features.</summary>
    public required FeatureSet Features { get; init; }

    /// <summary>What the data are called.</summary>
    public required string DataName { get; init; }

    /// <summary>What the model is for and not for.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>The seed of training.</summary>
    public ulong Seed { get; init; } = 1;
}
