using System.Text.Json.Nodes;

namespace Tributary.Server.Stripe;

/// <summary>What an object was before a change: of its members those that differ, as they were; null for what was not there.</summary>
internal static class StripeChanges
{
    public static JsonObject Between(JsonNode before, JsonNode after) => Between(before.AsObject(), after.AsObject());

    private static JsonObject Between(JsonObject before, JsonObject after)
    {
        var changed = new JsonObject();
        foreach (var (name, now) in after)
        {
            var known = before.TryGetPropertyValue(name, out var was);
            if (known && JsonNode.DeepEquals(was, now))
                continue;
            changed[name] = was is JsonObject inner && now is JsonObject other ? Between(inner, other) : was?.DeepClone();
        }

        foreach (var (name, was) in before)
        {
            if (!after.ContainsKey(name))
                changed[name] = was?.DeepClone();
        }

        return changed;
    }
}
