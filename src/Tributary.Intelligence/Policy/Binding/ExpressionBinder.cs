using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Policy.Syntax;
using static Tributary.Intelligence.Policy.Syntax.SyntaxTree;

namespace Tributary.Intelligence.Policy.Binding;

/// <summary>Type-checks expressions and builds the nodes that run them. A null is an error that was reported.</summary>
internal sealed class ExpressionBinder
{
    private readonly PolicySchema _schema;
    private readonly DiagnosticBag _diagnostics;
    private readonly NumericBinding _numeric;
    private readonly ComparisonBinder _comparisons;
    private readonly Dictionary<string, Bound?> _definitions = new(StringComparer.Ordinal);

    public ExpressionBinder(PolicySchema schema, DiagnosticBag diagnostics)
    {
        _schema = schema;
        _diagnostics = diagnostics;
        _numeric = new NumericBinding(diagnostics);
        _comparisons = new ComparisonBinder(schema, diagnostics, _numeric);
    }

    /// <summary>Makes a definition known to what follows. One with an error is known too, so that its uses are not reported again.</summary>
    public void Define(LetStatement let)
    {
        if (_definitions.ContainsKey(let.Name))
            _diagnostics.Error(let.Span, $"\"{let.Name}\" is defined twice.", "Give one of them another name.");
        else if (_schema.Find(let.Name) is not null)
            _diagnostics.Error(let.Span, $"\"{let.Name}\" is the name of an attribute.", "Give the definition another name.");
        else
            _definitions[let.Name] = Bind(let.Value);
    }

    /// <summary>Checks that an expression is a condition.</summary>
    public Bound? BindCondition(Expression expression)
    {
        if (Bind(expression) is not { } bound)
            return null;
        if (bound.Type.Kind == PolicyTypeKind.Truth)
            return bound;
        _diagnostics.Error(bound.Span, $"A condition is true or false, and this is {bound.Type}.", bound.Type.IsNumeric ? "Compare it: > 3." : "Compare it: = 'text'.");
        return null;
    }

    private Bound? Bind(Expression expression)
    {
        var bound = expression switch
        {
            NumberLiteral literal => new Bound(literal.Span, PolicyType.Number) { Literal = (literal.Mantissa, literal.Decimals) },
            TextLiteral literal => new Bound(literal.Span, PolicyType.Text) { Text = new TextNodes.Constant(literal.Value), TextLiteral = literal.Value },
            TruthLiteral literal => new Bound(literal.Span, PolicyType.Truth) { Truth = new TruthNodes.Constant(literal.Value), Constant = literal.Value },
            AttributeReference reference => Attribute(reference.Span, reference.Name),
            NameReference reference => Name(reference),
            VelocityReference velocity => Velocity(velocity),
            CallExpression call => Call(call),
            NegationExpression negation => Negate(negation),
            NotExpression not => Not(not),
            ArithmeticExpression arithmetic => Arithmetic(arithmetic),
            LogicalExpression logical => Logical(logical),
            ComparisonExpression comparison => Both(comparison.Left, comparison.Right, (left, right) => _comparisons.Compare(comparison.Span, ComparisonOf(comparison.Operator), left, right)),
            BetweenExpression between => Between(between),
            MissingExpression missing => Bind(missing.Operand) is { } operand ? ComparisonBinder.Missing(missing, operand) : null,
            InListExpression inList => InList(inList),
            InSetExpression inSet => InSet(inSet),
            TextTestExpression test => Both(test.Operand, test.Argument, (operand, argument) => _comparisons.TestText(test, operand, argument)),
            _ => throw new InvalidOperationException($"The binder does not know {expression.GetType().Name}."),
        };
        return bound is null ? null : Bounded(bound);
    }

    private Bound? Both(Expression left, Expression right, Func<Bound, Bound, Bound?> bind)
    {
        // Both sides are bound even when the first is wrong: an analyst sees every error at once.
        var (first, second) = (Bind(left), Bind(right));
        return first is null || second is null ? null : bind(first, second);
    }

    private Bound? Bounded(Bound bound)
    {
        if (bound.Depth > PolicyLimits.MaxDepth)
            return Fail(bound.Span, $"With its definitions the condition is nested more than {PolicyLimits.MaxDepth} levels deep.", "Split it into several rules.");
        if (bound.Cost > PolicyLimits.MaxConditionCost)
            return Fail(bound.Span, $"With its definitions the condition takes more than {PolicyLimits.MaxConditionCost} steps.", "Split it, or use a list.");
        return bound;
    }

    private Bound? Attribute(SourceSpan span, string name)
    {
        if (_schema.Find(name) is not { } attribute)
            return Fail(span, $"There is no attribute :{name}:.{Suggestion.For(name, _schema.AttributeNames)}", "The attributes are those of the features and facts in use; new ones are added there first.");

        var bound = new Bound(span, attribute.Type) { Attribute = attribute, Reads = [name] };
        return (attribute.Source, attribute.Type.Kind) switch
        {
            (AttributeSource.Score, _) => bound with { Number = new NumberNodes.Score() },
            (AttributeSource.Feature, PolicyTypeKind.Text) => bound with { Text = new TextNodes.Category(attribute.Index, [.. attribute.Categories]) },
            (AttributeSource.Feature, _) => bound with { Number = new NumberNodes.Feature(attribute.Index) },
            (_, PolicyTypeKind.Truth) => bound with { Truth = new TruthNodes.Fact(attribute.Index) },
            (_, PolicyTypeKind.Number) => bound with { Number = new NumberNodes.Fact(attribute.Index) },
            (_, PolicyTypeKind.Fixed) => bound with { Fixed = new FixedNodes.Fact(attribute.Index) },
            _ => bound with { Text = new TextNodes.Fact(attribute.Index) },
        };
    }

    private Bound? Name(NameReference reference)
    {
        if (_definitions.TryGetValue(reference.Name, out var definition))
            return definition is null ? null : definition with { Span = reference.Span };
        if (reference.Name is PolicySchema.ScoreName)
            return Attribute(reference.Span, PolicySchema.ScoreName);
        return _schema.Find(reference.Name) is not null
            ? Fail(reference.Span, $"\"{reference.Name}\" is an attribute.", $"Put it between colons: :{reference.Name}:.")
            : Fail(
                reference.Span,
                $"There is no definition \"{reference.Name}\".{Suggestion.For(reference.Name, _definitions.Keys)}",
                "Attributes stand between colons, texts in quotes, and definitions before their use.");
    }

    private Bound? Velocity(VelocityReference velocity)
    {
        var ofEntity = _schema.Velocities.Where(definition => string.Equals(definition.Entity, velocity.Entity, StringComparison.Ordinal)).ToList();
        if (ofEntity.Count == 0)
        {
            var entities = _schema.Velocities.Select(static definition => definition.Entity).Distinct(StringComparer.Ordinal).ToList();
            return Fail(
                velocity.Span,
                $"Nothing is counted per {velocity.Entity}.{Suggestion.For(velocity.Entity, entities)}",
                entities.Count == 0 ? "There are no velocities: add the features first." : $"Velocities exist per {string.Join(", ", entities)}.");
        }

        var ofAggregate = ofEntity.Where(definition => string.Equals(definition.Aggregate, velocity.Aggregate, StringComparison.Ordinal)
            && string.Equals(definition.Of, velocity.Of, StringComparison.Ordinal)).ToList();
        if (ofAggregate.Count == 0)
        {
            var known = ofEntity.Select(static definition => definition.Of is null ? definition.Aggregate : $"{definition.Aggregate}({definition.Of})").Distinct(StringComparer.Ordinal);
            var asked = velocity.Of is null ? velocity.Aggregate : $"{velocity.Aggregate}({velocity.Of})";
            return Fail(velocity.Span, $"There is no {asked} per {velocity.Entity}.", $"Per {velocity.Entity} there are {string.Join(", ", known)}.");
        }

        return ofAggregate.Find(definition => definition.Window == velocity.Window) is { } match
            ? Attribute(velocity.Span, match.Feature)
            : Fail(
                velocity.Span,
                $"{velocity.Aggregate} per {velocity.Entity} is not kept over {InWords(velocity.Window)}.",
                $"It is kept over {string.Join(", ", ofAggregate.Select(static definition => InWords(definition.Window)))}.");
    }

    private static string InWords(TimeSpan window) => window switch
    {
        { TotalDays: >= 1 } when window.Ticks % TimeSpan.TicksPerDay == 0 => $"{window.TotalDays}d",
        { TotalHours: >= 1 } when window.Ticks % TimeSpan.TicksPerHour == 0 => $"{window.TotalHours}h",
        { TotalMinutes: >= 1 } when window.Ticks % TimeSpan.TicksPerMinute == 0 => $"{window.TotalMinutes}min",
        _ => $"{window.TotalSeconds}s",
    };

    private Bound? Call(CallExpression call)
    {
        var arguments = new List<Bound>();
        foreach (var argument in call.Arguments)
        {
            if (Bind(argument) is { } bound)
                arguments.Add(bound);
        }

        if (arguments.Count < call.Arguments.Length)
            return null;
        if (string.Equals(call.Function, "abs", StringComparison.OrdinalIgnoreCase))
            return Absolute(call, arguments);
        if (string.Equals(call.Function, "length", StringComparison.OrdinalIgnoreCase))
            return Length(call, arguments);
        var greatest = string.Equals(call.Function, "max", StringComparison.OrdinalIgnoreCase);
        if (greatest || string.Equals(call.Function, "min", StringComparison.OrdinalIgnoreCase))
            return Extreme(call, arguments, greatest);
        return Fail(call.Span, $"There is no function \"{call.Function}\".{Suggestion.For(call.Function, ["abs", "length", "min", "max"])}", "Functions are abs, length, min and max; velocities end with per … in ….");
    }

    private Bound? Absolute(CallExpression call, List<Bound> arguments)
    {
        if (arguments is not [var operand] || !operand.Type.IsNumeric)
            return Fail(call.Span, "abs takes one number.", "Write abs(:difference:).");
        return operand.Fixed is { } node
            ? new Bound(call.Span, operand.Type) { Fixed = new FixedNodes.Absolute(node) }.Over(operand)
            : new Bound(call.Span, PolicyType.Number) { Number = new NumberNodes.Absolute(NumericBinding.ToNumber(operand)) }.Over(operand);
    }

    private Bound? Length(CallExpression call, List<Bound> arguments) =>
        arguments is [{ Text: { } text } operand]
            ? new Bound(call.Span, PolicyType.Integer) { Fixed = new FixedNodes.Length(text) }.Over(operand)
            : Fail(call.Span, "length takes one text.", "Write length(:email_domain:).");

    private Bound? Extreme(CallExpression call, List<Bound> arguments, bool greatest)
    {
        if (arguments.Count < 2 || arguments.Exists(static argument => !argument.Type.IsNumeric))
            return Fail(call.Span, $"{call.Function} takes two numbers or more.", $"Write {call.Function}(:a:, :b:).");
        if (arguments.TrueForAll(argument => argument.Fixed is not null && argument.Type == arguments[0].Type))
            return new Bound(call.Span, arguments[0].Type) { Fixed = new FixedNodes.Extreme(greatest, [.. arguments.Select(static argument => argument.Fixed!)]) }.Over([.. arguments]);
        return new Bound(call.Span, PolicyType.Number)
        {
            Number = new NumberNodes.Extreme(greatest, [.. arguments.Select(NumericBinding.ToNumber)]),
        }.Over([.. arguments]);
    }

    private Bound? Negate(NegationExpression negation)
    {
        if (Bind(negation.Operand) is not { } operand)
            return null;
        if (!operand.Type.IsNumeric)
            return Fail(operand.Span, $"A minus stands before a number, and this is {operand.Type}.", "Use not for conditions.");
        return operand.Fixed is { } node
            ? new Bound(negation.Span, operand.Type) { Fixed = new FixedNodes.Negate(node) }.Over(operand)
            : new Bound(negation.Span, PolicyType.Number) { Number = new NumberNodes.Negate(NumericBinding.ToNumber(operand)) }.Over(operand);
    }

    private Bound? Not(NotExpression not) =>
        BindCondition(not.Operand) is { } operand
            ? new Bound(not.Span, PolicyType.Truth) { Truth = new TruthNodes.Not(operand.Truth!), Constant = !operand.Constant }.Over(operand)
            : null;

    private Bound? Arithmetic(ArithmeticExpression arithmetic) => Both(arithmetic.Left, arithmetic.Right, (left, right) =>
    {
        if (!left.Type.IsNumeric || !right.Type.IsNumeric)
        {
            var wrong = left.Type.IsNumeric ? right : left;
            return Fail(wrong.Span, $"Only numbers can be reckoned with, and this is {wrong.Type}.", "Compare it instead.");
        }

        if (arithmetic.Operator is TokenKind.Plus or TokenKind.Minus)
        {
            switch (_numeric.TryFixed(left, right, out var first, out var second))
            {
                case null:
                    return null;
                case true:
                    FixedNode node = arithmetic.Operator == TokenKind.Plus ? new FixedNodes.Add(first, second) : new FixedNodes.Subtract(first, second);
                    return new Bound(arithmetic.Span, left.Literal is null ? left.Type : right.Type) { Fixed = node }.Over(left, right);
            }
        }

        return new Bound(arithmetic.Span, PolicyType.Number)
        {
            Number = new NumberNodes.Arithmetic(arithmetic.Operator, NumericBinding.ToNumber(left), NumericBinding.ToNumber(right)),
        }.Over(left, right);
    });

    private Bound? Logical(LogicalExpression logical)
    {
        var operands = new List<Bound>();
        foreach (var operand in logical.Operands)
        {
            if (BindCondition(operand) is { } bound)
                operands.Add(bound);
        }

        if (operands.Count < logical.Operands.Length)
            return null;
        TruthNode[] nodes = [.. operands.Select(static operand => operand.Truth!)];
        if (logical.Operator == TokenKind.And)
        {
            return new Bound(logical.Span, PolicyType.Truth)
            {
                Truth = new TruthNodes.All(nodes),
                Constant = operands.Exists(static operand => operand.Constant == false) ? false : operands.TrueForAll(static operand => operand.Constant == true) ? true : null,
                Ranges = operands.Skip(1).Aggregate(operands[0].Ranges, static (ranges, operand) => ranges.And(operand.Ranges)),
            }.Over([.. operands]);
        }

        return new Bound(logical.Span, PolicyType.Truth)
        {
            Truth = new TruthNodes.Any(nodes),
            Constant = operands.Exists(static operand => operand.Constant == true) ? true
                : operands.TrueForAll(static operand => operand.Constant == false || operand.Ranges.IsImpossible) ? false : null,
        }.Over([.. operands]);
    }

    private Bound? Between(BetweenExpression between)
    {
        var (operand, low, high) = (Bind(between.Operand), Bind(between.Low), Bind(between.High));
        if (operand is null || low is null || high is null)
            return null;
        if (!operand.Type.IsNumeric)
            return Fail(operand.Span, $"\"between\" is for numbers, and this is {operand.Type}.", "Use in with values instead.");
        var least = _comparisons.Compare(between.Span, Comparison.GreaterOrEqual, operand, low);
        var most = _comparisons.Compare(between.Span, Comparison.LessOrEqual, operand, high);
        if (least is null || most is null)
            return null;
        TruthNode both = new TruthNodes.All([least.Truth!, most.Truth!]);
        return new Bound(between.Span, PolicyType.Truth)
        {
            Truth = between.Negated ? new TruthNodes.Not(both) : both,
            Ranges = between.Negated ? NecessaryRanges.Unknown : least.Ranges.And(most.Ranges),
        }.Over(least, most);
    }

    private Bound? InList(InListExpression expression)
    {
        Bound? operand = null;
        if (expression.Operand is not null && (operand = Bind(expression.Operand)) is null)
            return null;
        return _comparisons.InList(expression, operand, name => Attribute(expression.Span, name));
    }

    private Bound? InSet(InSetExpression expression)
    {
        var operand = Bind(expression.Operand);
        var items = new List<Bound>();
        foreach (var item in expression.Items)
        {
            if (Bind(item) is { } bound)
                items.Add(bound);
        }

        return operand is null || items.Count < expression.Items.Length ? null : _comparisons.InSet(expression, operand, items);
    }

    private static Comparison ComparisonOf(TokenKind kind) => kind switch
    {
        TokenKind.Equal => Comparison.Equal,
        TokenKind.NotEqual => Comparison.NotEqual,
        TokenKind.Less => Comparison.Less,
        TokenKind.LessOrEqual => Comparison.LessOrEqual,
        TokenKind.Greater => Comparison.Greater,
        _ => Comparison.GreaterOrEqual,
    };

    private Bound? Fail(SourceSpan span, string message, string advice)
    {
        _diagnostics.Error(span, message, advice);
        return null;
    }
}
