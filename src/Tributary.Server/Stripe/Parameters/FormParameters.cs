using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Tributary.Payments.Errors;
using Tributary.Primitives.Results;

namespace Tributary.Server.Stripe.Parameters;

/// <summary>
/// Reads <c>application/x-www-form-urlencoded</c> as Stripe's clients write it: <c>metadata[order]=7</c>, <c>payment_method_types[]=card</c>,
/// <c>items[0][price]=x</c>. Bounded in number and depth.
/// </summary>
internal static class FormParameters
{
    private const int PairsMax = 1000;
    private const int DepthMax = 8;
    private const int ItemsMax = 1000;

    /// <summary>Reads a body or a query string without its question mark.</summary>
    public static Result<ParameterNode.Map, PaymentError> Read(string text)
    {
        var root = new ParameterNode.Map();
        if (text.Length == 0)
            return root;
        var pairs = text.Split('&');
        if (pairs.Length > PairsMax)
            return Malformed($"There are {pairs.Length} parameters; at most {PairsMax} are taken.");
        foreach (var pair in pairs)
        {
            if (pair.Length == 0)
                continue;
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            if (!TrySplit(name, out var path))
                return Malformed($"The parameter name '{Shorten(name)}' is not well formed.");
            if (!TryPut(root, path, value))
                return Malformed($"The parameter '{Shorten(name)}' contradicts another one, or its index is out of order.");
        }

        return root;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    // "a[b][]" into "a", "b", "".
    private static bool TrySplit(string name, [NotNullWhen(true)] out List<string>? path)
    {
        path = null;
        var open = name.IndexOf('[', StringComparison.Ordinal);
        var first = open < 0 ? name : name[..open];
        if (first.Length == 0 || first.Contains(']', StringComparison.Ordinal))
            return false;
        var parts = new List<string> { first };
        while (open >= 0 && open < name.Length)
        {
            var close = name.IndexOf(']', open);
            if (name[open] != '[' || close < 0 || parts.Count == DepthMax)
                return false;
            parts.Add(name[(open + 1)..close]);
            open = close + 1;
        }

        path = parts;
        return true;
    }

    private static bool TryPut(ParameterNode.Map root, List<string> path, string value)
    {
        ParameterNode at = root;
        for (var i = 0; i < path.Count; i++)
        {
            ParameterNode? next = i + 1 == path.Count ? new ParameterNode.Text(value) : IsIndex(path[i + 1]) ? new ParameterNode.List() : new ParameterNode.Map();
            next = at switch
            {
                ParameterNode.Map map => Enter(map, path[i], next),
                ParameterNode.List list => Enter(list, path[i], next),
                _ => null,
            };
            if (next is null)
                return false;
            at = next;
        }

        return true;
    }

    private static ParameterNode? Enter(ParameterNode.Map map, string name, ParameterNode fresh)
    {
        if (!map.Members.TryGetValue(name, out var known))
        {
            map.Members.Add(name, fresh);
            return fresh;
        }

        // The same value twice is one of them too many; a map or a list is entered again.
        return fresh is not ParameterNode.Text && known.GetType() == fresh.GetType() ? known : null;
    }

    // "[]" appends; an index repeats the last one or follows it.
    private static ParameterNode? Enter(ParameterNode.List list, string index, ParameterNode fresh)
    {
        var position = index.Length == 0 ? list.Items.Count : int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : -1;
        if (position == list.Items.Count && position < ItemsMax)
        {
            list.Items.Add(fresh);
            return fresh;
        }

        return position >= 0 && position == list.Items.Count - 1 && fresh is not ParameterNode.Text && list.Items[position].GetType() == fresh.GetType()
            ? list.Items[position]
            : null;
    }

    private static bool IsIndex(string part) => part.Length == 0 || part.All(char.IsAsciiDigit);

    private static PaymentError Malformed(string message) => PaymentError.Invalid("parameter_invalid", null, message);

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
