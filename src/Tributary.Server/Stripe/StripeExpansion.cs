using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tributary.Payments.Access;
using Tributary.Payments.Errors;
using Tributary.Primitives.Results;

namespace Tributary.Server.Stripe;

/// <summary>
/// <c>expand[]</c>: puts objects where an answer names them, also through lists (<c>data.charge.customer</c>). Only what the key may read is
/// expanded; a name that stands for nothing is an error, so that a shop does not read an id where it expects an object.
/// </summary>
internal sealed class StripeExpansion(StripeObjects objects, StripeBalanceLinks links)
{
    private const int DepthMax = 4;

    /// <summary>The answer with its expansions, or what is wrong with them.</summary>
    public async Task<StripeAnswer> ExpandAsync(StripeAnswer answer, IReadOnlyList<string> paths, StripeCall call, CancellationToken cancellationToken)
    {
        if (answer.Status != StatusCodes.Status200OK || (paths.Count == 0 && !StripeBalanceLinks.Concerns(answer.Body)))
            return answer;
        var root = JsonNode.Parse(answer.Body)!;
        await links.FillAsync(root, call, cancellationToken);
        foreach (var path in paths)
        {
            var names = path.Split('.');
            var depth = names[0] is "data" ? names.Length - 1 : names.Length;
            if (depth > DepthMax)
                return Refuse($"You cannot expand more than {DepthMax} levels of a property. Property: {path}");
            if (await ExpandAsync(root, names, 0, path, call, cancellationToken) is { } problem)
                return problem;
        }

        return answer with { Body = root.ToJsonString(s_options) };
    }

    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async ValueTask<StripeAnswer?> ExpandAsync(JsonNode node, string[] names, int at, string path, StripeCall call, CancellationToken cancellationToken)
    {
        switch (node)
        {
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is JsonValue value)
                    {
                        var replaced = await ReplaceAsync(value, call, path, cancellationToken);
                        if (!replaced.TryGet(out var fresh, out var refused))
                            return refused.Answer;
                        items[i] = fresh;
                    }

                    if (items[i] is { } item && await ExpandAsync(item, names, at, path, call, cancellationToken) is { } inner)
                        return inner;
                }

                return null;
            case JsonObject members when at < names.Length:
                var name = names[at];
                if (!members.TryGetPropertyValue(name, out var member))
                {
                    member = await IncludeAsync(members, name, call, cancellationToken);
                    if (member is null)
                        return Refuse($"This property cannot be expanded ({path}).");
                    members[name] = member;
                }

                if (member is JsonValue)
                {
                    var replaced = await ReplaceAsync(member, call, path, cancellationToken);
                    if (!replaced.TryGet(out var fresh, out var refused))
                        return refused.Answer;
                    members[name] = member = fresh;
                }

                return member is null ? null : await ExpandAsync(member, names, at + 1, path, call, cancellationToken);
            default:
                return null;
        }
    }

    private async ValueTask<Result<JsonNode, Rejection>> ReplaceAsync(JsonNode value, StripeCall call, string path, CancellationToken cancellationToken)
    {
        if (value.GetValueKind() != JsonValueKind.String || StripeObjects.ResourceOf(value.GetValue<string>()) is not { } resource)
            return new Rejection(Refuse($"This property cannot be expanded ({path})."));
        if (!call.Request.Key.Allows(resource, KeyAccess.Read))
            return new Rejection(StripeErrors.NotAllowed(resource, KeyAccess.Read));
        var found = await objects.FindAsync(value.GetValue<string>(), call, cancellationToken);
        if (found is null)
            return new Rejection(Refuse($"This property cannot be expanded ({path})."));
        var whole = Parse(found);
        await links.FillAsync(whole, call, cancellationToken);
        return whole;
    }

    // Lists that an object has and does not carry unless it is asked to.
    private async ValueTask<JsonNode?> IncludeAsync(JsonObject owner, string name, StripeCall call, CancellationToken cancellationToken)
    {
        switch (owner["object"]?.GetValue<string>(), name)
        {
            case ("charge", "refunds") when call.Request.Key.Allows(KeyResource.Refunds, KeyAccess.Read):
                var refunds = Parse(await objects.RefundsOfAsync(owner["payment_intent"]!.GetValue<string>(), call, cancellationToken));
                await links.FillAsync(refunds, call, cancellationToken);
                return refunds;
            case ("checkout.session" or "payment_link", "line_items"):
                return await objects.LinesOfAsync(owner["id"]!.GetValue<string>(), call, cancellationToken) is { } lines ? Parse(lines) : null;
            default:
                return null;
        }
    }

    /// <summary>What a writer writes, as a tree.</summary>
    public static JsonNode Parse(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            write(writer);
        return JsonNode.Parse(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length))!;
    }

    private static StripeAnswer Refuse(string message) => StripeErrors.Of(PaymentError.Invalid("parameter_invalid", "expand", message));
}
