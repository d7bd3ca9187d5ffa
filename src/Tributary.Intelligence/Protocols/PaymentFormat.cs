using System.Collections.Immutable;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Protocols.Commerce;
using Tributary.Intelligence.Protocols.Handbook;
using Tributary.Intelligence.Protocols.Sparkov;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols;

/// <summary>A format of files of payments: how it is read, and the features that suit it.</summary>
public sealed class PaymentFormat
{
    private readonly Func<string, Action<double>?, CancellationToken, Result<IPaymentHistory, Refusal>> _read;

    private PaymentFormat(
        string name, FeatureSet engine, FeatureSet reference, Func<string, Action<double>?, CancellationToken, Result<IPaymentHistory, Refusal>> read)
    {
        Name = name;
        Engine = engine;
        Reference = reference;
        _read = read;
    }

    /// <summary>The Fraud Detection Handbook's simulator.</summary>
    public static PaymentFormat Handbook { get; } = new(
        "handbook",
        HandbookFeatures.Engine,
        HandbookFeatures.Published,
        static (path, progress, token) => HandbookPayments.Read(path, progress, token).Then<IPaymentHistory>(static history => history));

    /// <summary>The Sparkov generator.</summary>
    public static PaymentFormat Sparkov { get; } = new(
        "sparkov",
        SparkovFeatures.Engine,
        SparkovFeatures.Reference,
        static (path, progress, token) => SparkovPayments.Read(path, progress, token).Then<IPaymentHistory>(static history => history));

    /// <summary>A merchant's own payments, as the generator of synthetic commerce writes them.</summary>
    public static PaymentFormat Commerce { get; } = new(
        "commerce",
        CommerceFeatures.Engine,
        CommerceFeatures.Reference,
        static (path, progress, token) => CommercePayments.Read(path, progress, token).Then<IPaymentHistory>(static history => history));

    /// <summary>Every format.</summary>
    public static ImmutableArray<PaymentFormat> All { get; } = [Handbook, Sparkov, Commerce];

    /// <summary>The format's name.</summary>
    public string Name { get; }

    /// <summary>What this engine scores with.</summary>
    public FeatureSet Engine { get; }

    /// <summary>What others publish for such data, to compare with.</summary>
    public FeatureSet Reference { get; }

    /// <summary>The format of a name, or null.</summary>
    public static PaymentFormat? Find(string name) => All.FirstOrDefault(format => format.Name.Equals(name, StringComparison.Ordinal));

    /// <summary>Reads a file, compressed or not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told the share that was read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Result<IPaymentHistory, Refusal> Read(string path, Action<double>? progress = null, CancellationToken cancellationToken = default) =>
        _read(path, progress, cancellationToken);
}
