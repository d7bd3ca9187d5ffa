namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>The ways to get a text.</summary>
internal static class TextNodes
{
    /// <summary>The text of a category that the schema does not know: present, and equal to none that it knows.</summary>
    public const string UnseenCategory = "(unseen)";

    public sealed class Constant(string value) : TextNode
    {
        public override string? Evaluate(in PolicyFacts facts) => value;
    }

    public sealed class Fact(int index) : TextNode
    {
        public override string? Evaluate(in PolicyFacts facts) => facts.Facts[index].AsText;
    }

    public sealed class Category(int index, string[] categories) : TextNode
    {
        public override string? Evaluate(in PolicyFacts facts)
        {
            var code = facts.Features[index];
            if (float.IsNaN(code))
                return null;
            return code >= 0 && code < categories.Length && code == MathF.Floor(code) ? categories[(int)code] : UnseenCategory;
        }
    }
}
