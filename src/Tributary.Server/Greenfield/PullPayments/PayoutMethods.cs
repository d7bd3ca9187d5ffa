using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.PullPayments;

/// <summary>Reads payout methods of a request, in every spelling and under the names of 2.x and 1.x.</summary>
internal static class PayoutMethods
{
    private const int NameMax = 40;
    private const int CountMax = 10;

    /// <summary>The methods of a pull payment; empty for all.</summary>
    public static ImmutableArray<RailKind> ReadMany(GreenfieldCall call)
    {
        var name = call.Body.Has("payoutMethods") || !call.Body.Has("paymentMethods") ? "payoutMethods" : "paymentMethods";
        var texts = call.Body.Texts("payoutMethods", NameMax, CountMax) ?? call.Body.Texts("paymentMethods", NameMax, CountMax);
        if (texts is null)
            return [];
        if (texts.Count == 0)
            call.Refuse(name, "At least one payout method is required.");
        var rails = ImmutableArray.CreateBuilder<RailKind>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (RailOf(texts[i]) is not { } rail)
                call.Refuse($"{name}[{i}]", "Invalid or unsupported payout method.");
            else if (!rails.Contains(rail))
                rails.Add(rail);
        }

        return rails.ToImmutable();
    }

    /// <summary>The method of one payout; null and a refusal where it names none that there is.</summary>
    /// <param name="call">The request.</param>
    /// <param name="isRequired">Silence is refused too.</param>
    public static RailKind? ReadOne(GreenfieldCall call, bool isRequired)
    {
        var text = call.Body.Text("payoutMethodId", NameMax) ?? call.Body.Text("paymentMethod", NameMax) ?? call.Body.Text("paymentMethodId", NameMax);
        var rail = RailOf(text);
        if (rail is null && (isRequired || text is not null))
            call.Refuse("payoutMethodId", "Invalid or unsupported payout method.");
        return rail;
    }

    // Money goes out to an invoice or to an address; an LNURL names neither.
    private static RailKind? RailOf(string? text) => MethodIds.Normalise(text) is { } id && !string.Equals(id, MethodIds.Lnurl, StringComparison.Ordinal) ? MethodIds.RailOf(id) : null;
}
