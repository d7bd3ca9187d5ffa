using System.Collections.Immutable;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Models.Files;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Fraud;

/// <summary>
/// A model file of payments with what it needs to score a stream: the definitions of its features and the names of its categories, which the file's
/// lineage carries, so that serving computes what training did.
/// </summary>
/// <param name="File">The file.</param>
/// <param name="Identity">Its hash.</param>
/// <param name="Format">The format of the payments.</param>
/// <param name="Features">The features.</param>
/// <param name="Categories">The names of the merchants' categories, by code.</param>
public sealed record FraudModel(ModelFile File, Bytes32 Identity, PaymentFormat Format, FeatureSet Features, ImmutableArray<string> Categories)
{
    internal const string FormatOption = "format";
    internal const string FeaturesOption = "features";
    internal const string CategoriesOption = "categories";

    /// <summary>Reads a file. Any bytes give a model or a reason.</summary>
    public static Result<FraudModel, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        if (!ModelFile.Read(bytes).TryGet(out var file, out var refusal))
            return refusal;
        if (!file.Lineage.Options.TryGetValue(FormatOption, out var name) || PaymentFormat.Find(name) is not { } format)
            return new Refusal("model", "does not say which format of payments it is for");
        if (!file.Lineage.Options.TryGetValue(FeaturesOption, out var text))
            return new Refusal("model", "does not say how its features are computed");
        if (!FeatureSet.Parse(text).TryGet(out var features, out refusal))
            return refusal;
        if (!features.Schema.Equals(file.Model.Schema))
            return new Refusal("model", "scores other features than it says how to compute");
        ImmutableArray<string> categories = file.Lineage.Options.TryGetValue(CategoriesOption, out var names) ? [.. names.Split('\n')] : [];
        return new FraudModel(file, ModelFile.IdentityOf(bytes), format, features, categories);
    }

    /// <summary>Payments with the codes of the model's categories; categories that it does not know have codes that it never saw.</summary>
    public IPaymentHistory Recode(IPaymentHistory history) =>
        history.Categories.IsEmpty || history.Categories.SequenceEqual(Categories, StringComparer.Ordinal) ? history : new RecodedHistory(history, Categories);
}
