namespace Tributary.Server.Stripe.Parameters;

/// <summary>A request's parameters as a tree, whatever they came as: <c>a[b]=c</c> in a form or <c>{"a":{"b":"c"}}</c>.</summary>
internal abstract record ParameterNode
{
    private ParameterNode()
    {
    }

    /// <summary>A value. JSON's numbers and truth values are their text.</summary>
    public sealed record Text(string Value) : ParameterNode;

    /// <summary>Named values, in the order in which they came.</summary>
    public sealed record Map : ParameterNode
    {
        public Dictionary<string, ParameterNode> Members { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>Values in a row.</summary>
    public sealed record List : ParameterNode
    {
        public List<ParameterNode> Items { get; } = [];
    }
}
