using System.Globalization;
using System.Text.Json;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Checks;

/// <summary>Writes an answer as JSON, member by member in the order of its records: the bytes that the serializer would write.</summary>
internal static class WriteAnswerJson
{
    /// <summary>Writes the answer.</summary>
    public static void Write(Utf8JsonWriter json, CheckAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString(Names.Answer, JsonCode.Of(answer.Answer));
        json.WriteString(Names.Outcome, JsonCode.Of(answer.Outcome));
        Product(json, answer.Product);
        json.WriteStartObject(Names.Recogniser);
        json.WriteString(Names.Code, answer.Recogniser.Code);
        json.WriteString(Names.Kind, JsonCode.Of(answer.Recogniser.Kind));
        Texts(json, answer.Recogniser.Names);
        json.WriteEndObject();
        Date(json, Names.AsOf, answer.AsOf);
        json.WriteNumber(Names.Revision, answer.Revision);
        Date(json, Names.HoldsUntil, answer.HoldsUntil);
        Each(json, Names.Paths, answer.Paths, Path);
        Each(json, Names.Certificates, answer.Certificates, Certificate);
        Each(json, Names.Related, answer.Related, Relation);
        Each(json, Names.Reasons, answer.Reasons, Reason);
        Nearest(json, answer.Nearest);
        Each(json, Names.Coverage, answer.Coverage, Coverage);
        Each(json, Names.Warnings, answer.Warnings, Warning);
        json.WriteEndObject();
    }

    private static void Product(Utf8JsonWriter json, AnsweredProduct? product)
    {
        if (product is null)
        {
            json.WriteNull(Names.Product);
            return;
        }

        json.WriteStartObject(Names.Product);
        json.WriteString(Names.Id, product.Id);
        json.WriteString(Names.Brand, product.Brand);
        json.WriteString(Names.Model, product.Model);
        Texts(json, Names.Gtins, product.Gtins);
        json.WriteString(Names.Category, product.Category);
        Texts(json, product.Names);
        json.WriteEndObject();
    }

    private static void Path(Utf8JsonWriter json, AnsweredPath path)
    {
        json.WriteStartObject();
        json.WriteString(Names.Outcome, JsonCode.Of(path.Outcome));
        CodeOf(json, Names.Level, path.Level);
        json.WriteBoolean(Names.Derived, path.Derived);
        Date(json, Names.HoldsUntil, path.HoldsUntil);
        var certificate = path.Certificate;
        json.WriteStartObject(Names.Certificate);
        json.WriteString(Names.Id, certificate.Id);
        json.WriteString(Names.Scheme, certificate.Scheme);
        json.WriteString(Names.Number, certificate.Number);
        json.WriteString(Names.Holder, certificate.Holder);
        json.WriteString(Names.Category, certificate.Category);
        json.WriteString(Names.Standard, certificate.Standard);
        json.WriteString(Names.Edition, certificate.Edition);
        json.WriteString(Names.Tier, certificate.Tier);
        json.WriteString(Names.Standing, JsonCode.Of(certificate.Standing));
        Date(json, Names.ValidFrom, certificate.ValidFrom);
        Date(json, Names.ValidUntil, certificate.ValidUntil);
        Date(json, Names.ConfirmedOn, certificate.ConfirmedOn);
        json.WriteEndObject();
        Each(json, Names.Steps, path.Steps, Step);
        Each(json, Names.Conditions, path.Conditions, Condition);
        json.WriteEndObject();
    }

    private static void Step(Utf8JsonWriter json, AnsweredStep step)
    {
        json.WriteStartObject();
        json.WriteString(Names.Agreement, step.Agreement);
        json.WriteString(Names.Policy, step.Policy);
        json.WriteString(Names.Grant, step.Grant);
        json.WriteString(Names.Recogniser, step.Recogniser);
        json.WriteString(Names.Recognised, step.Recognised);
        json.WriteString(Names.Level, JsonCode.Of(step.Level));
        json.WriteEndObject();
    }

    private static void Condition(Utf8JsonWriter json, AnsweredCondition condition)
    {
        json.WriteStartObject();
        json.WriteString(Names.Code, condition.Code);
        json.WriteString(Names.Message, condition.Message);
        json.WriteString(Names.Standard, condition.Standard);
        json.WriteString(Names.Edition, condition.Edition);
        json.WriteString(Names.Ref, condition.Ref);
        Criterion(json, condition.Criterion);
        CodeOf(json, Names.Comparison, condition.Comparison);
        CodeOf(json, Names.Why, condition.Why);
        json.WriteString(Names.HeldRef, condition.HeldRef);
        json.WriteString(Names.About, condition.About);
        json.WriteEndObject();
    }

    private static void Criterion(Utf8JsonWriter json, AnsweredCriterion? criterion)
    {
        if (criterion is null)
        {
            json.WriteNull(Names.Criterion);
            return;
        }

        json.WriteStartObject(Names.Criterion);
        json.WriteString(Names.Aspect, criterion.Aspect);
        json.WriteString(Names.Parameter, criterion.Parameter);
        json.WriteString(Names.Comparator, JsonCode.Of(criterion.Comparator));
        Number(json, Names.Limit, criterion.Limit);
        Number(json, Names.LimitMax, criterion.LimitMax);
        Texts(json, Names.OneOf, criterion.OneOf);
        json.WriteString(Names.Unit, criterion.Unit);
        json.WriteString(Names.Basis, criterion.Basis);
        json.WriteString(Names.Definition, criterion.Definition);
        json.WriteString(Names.Method, criterion.Method);
        json.WriteString(Names.AppliesTo, criterion.AppliesTo);
        json.WriteEndObject();
    }

    private static void Certificate(Utf8JsonWriter json, AnsweredCertificate certificate)
    {
        json.WriteStartObject();
        json.WriteString(Names.Id, certificate.Id);
        json.WriteString(Names.Scheme, certificate.Scheme);
        json.WriteString(Names.Number, certificate.Number);
        json.WriteString(Names.Standing, JsonCode.Of(certificate.Standing));
        Each(json, Names.Reasons, certificate.Reasons, ReasonCode);
        json.WriteEndObject();
    }

    private static void Relation(Utf8JsonWriter json, AnsweredRelation relation)
    {
        json.WriteStartObject();
        json.WriteString(Names.Scheme, relation.Scheme);
        json.WriteString(Names.Certificate, relation.Certificate);
        json.WriteString(Names.Key, relation.Key);
        json.WriteString(Names.Model, relation.Model);
        json.WriteString(Names.Relation, relation.Relation);
        json.WriteEndObject();
    }

    private static void ReasonCode(Utf8JsonWriter json, AnsweredReasonCode reason)
    {
        json.WriteStartObject();
        json.WriteString(Names.Code, JsonCode.Of(reason.Code));
        json.WriteString(Names.Message, reason.Message);
        json.WriteEndObject();
    }

    private static void Reason(Utf8JsonWriter json, AnsweredReason reason)
    {
        json.WriteStartObject();
        json.WriteString(Names.Code, JsonCode.Of(reason.Code));
        json.WriteString(Names.Message, reason.Message);
        json.WriteString(Names.About, reason.About);
        json.WriteEndObject();
    }

    private static void Nearest(Utf8JsonWriter json, AnsweredNearest? nearest)
    {
        if (nearest is null)
        {
            json.WriteNull(Names.Nearest);
            return;
        }

        json.WriteStartObject(Names.Nearest);
        json.WriteString(Names.Certificate, nearest.Certificate);
        json.WriteString(Names.Agreement, nearest.Agreement);
        json.WriteString(Names.Policy, nearest.Policy);
        json.WriteString(Names.Grant, nearest.Grant);
        Each(json, Names.Reasons, nearest.Reasons, ReasonCode);
        json.WriteEndObject();
    }

    private static void Coverage(Utf8JsonWriter json, AnsweredCoverage coverage)
    {
        json.WriteStartObject();
        json.WriteString(Names.Scheme, coverage.Scheme);
        json.WriteString(Names.Register, JsonCode.Of(coverage.Register));
        Date(json, Names.AsOf, coverage.AsOf);
        json.WriteEndObject();
    }

    private static void Warning(Utf8JsonWriter json, AnsweredWarning warning)
    {
        json.WriteStartObject();
        json.WriteString(Names.Code, JsonCode.Of(warning.Code));
        json.WriteString(Names.Message, warning.Message);
        json.WriteEndObject();
    }

    private static void Each<T>(Utf8JsonWriter json, JsonEncodedText name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < items.Count; i++)
        {
            write(json, items[i]);
        }

        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, JsonEncodedText name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < texts.Count; i++)
        {
            json.WriteStringValue(texts[i]);
        }

        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? texts)
    {
        if (texts is null)
        {
            json.WriteNull(Names.InLanguages);
            return;
        }

        json.WriteStartObject(Names.InLanguages);
        foreach (var (language, text) in texts)
        {
            json.WriteString(language, text);
        }

        json.WriteEndObject();
    }

    private static void CodeOf<TMember>(Utf8JsonWriter json, JsonEncodedText name, TMember? member)
        where TMember : struct, Enum
    {
        if (member is { } given)
        {
            json.WriteString(name, JsonCode.Of(given));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Number(Utf8JsonWriter json, JsonEncodedText name, decimal? number)
    {
        if (number is { } given)
        {
            json.WriteNumber(name, given);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Date(Utf8JsonWriter json, JsonEncodedText name, DateOnly? day)
    {
        if (day is not { } given)
        {
            json.WriteNull(name);
            return;
        }

        Span<char> text = stackalloc char[10];
        given.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        json.WriteString(name, text);
    }

    private static void Date(Utf8JsonWriter json, JsonEncodedText name, PartialDate? date)
    {
        if (date is { IsDay: false } partial)
        {
            json.WriteString(name, partial.ToString());
        }
        else
        {
            Date(json, name, date?.FirstDay);
        }
    }

    // Names of members, encoded once.
    private static class Names
    {
        public static readonly JsonEncodedText About = JsonEncodedText.Encode("about");
        public static readonly JsonEncodedText Agreement = JsonEncodedText.Encode("agreement");
        public static readonly JsonEncodedText Answer = JsonEncodedText.Encode("answer");
        public static readonly JsonEncodedText AppliesTo = JsonEncodedText.Encode("appliesTo");
        public static readonly JsonEncodedText AsOf = JsonEncodedText.Encode("asOf");
        public static readonly JsonEncodedText Aspect = JsonEncodedText.Encode("aspect");
        public static readonly JsonEncodedText Basis = JsonEncodedText.Encode("basis");
        public static readonly JsonEncodedText Brand = JsonEncodedText.Encode("brand");
        public static readonly JsonEncodedText Category = JsonEncodedText.Encode("category");
        public static readonly JsonEncodedText Certificate = JsonEncodedText.Encode("certificate");
        public static readonly JsonEncodedText Certificates = JsonEncodedText.Encode("certificates");
        public static readonly JsonEncodedText Code = JsonEncodedText.Encode("code");
        public static readonly JsonEncodedText Comparator = JsonEncodedText.Encode("comparator");
        public static readonly JsonEncodedText Comparison = JsonEncodedText.Encode("comparison");
        public static readonly JsonEncodedText Conditions = JsonEncodedText.Encode("conditions");
        public static readonly JsonEncodedText ConfirmedOn = JsonEncodedText.Encode("confirmedOn");
        public static readonly JsonEncodedText Coverage = JsonEncodedText.Encode("coverage");
        public static readonly JsonEncodedText Criterion = JsonEncodedText.Encode("criterion");
        public static readonly JsonEncodedText Definition = JsonEncodedText.Encode("definition");
        public static readonly JsonEncodedText Derived = JsonEncodedText.Encode("derived");
        public static readonly JsonEncodedText Edition = JsonEncodedText.Encode("edition");
        public static readonly JsonEncodedText Grant = JsonEncodedText.Encode("grant");
        public static readonly JsonEncodedText Gtins = JsonEncodedText.Encode("gtins");
        public static readonly JsonEncodedText HeldRef = JsonEncodedText.Encode("heldRef");
        public static readonly JsonEncodedText Holder = JsonEncodedText.Encode("holder");
        public static readonly JsonEncodedText HoldsUntil = JsonEncodedText.Encode("holdsUntil");
        public static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
        public static readonly JsonEncodedText InLanguages = JsonEncodedText.Encode("names");
        public static readonly JsonEncodedText Key = JsonEncodedText.Encode("key");
        public static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
        public static readonly JsonEncodedText Level = JsonEncodedText.Encode("level");
        public static readonly JsonEncodedText Limit = JsonEncodedText.Encode("limit");
        public static readonly JsonEncodedText LimitMax = JsonEncodedText.Encode("limitMax");
        public static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");
        public static readonly JsonEncodedText Method = JsonEncodedText.Encode("method");
        public static readonly JsonEncodedText Model = JsonEncodedText.Encode("model");
        public static readonly JsonEncodedText Nearest = JsonEncodedText.Encode("nearest");
        public static readonly JsonEncodedText Number = JsonEncodedText.Encode("number");
        public static readonly JsonEncodedText OneOf = JsonEncodedText.Encode("oneOf");
        public static readonly JsonEncodedText Outcome = JsonEncodedText.Encode("outcome");
        public static readonly JsonEncodedText Parameter = JsonEncodedText.Encode("parameter");
        public static readonly JsonEncodedText Paths = JsonEncodedText.Encode("paths");
        public static readonly JsonEncodedText Policy = JsonEncodedText.Encode("policy");
        public static readonly JsonEncodedText Product = JsonEncodedText.Encode("product");
        public static readonly JsonEncodedText Reasons = JsonEncodedText.Encode("reasons");
        public static readonly JsonEncodedText Recognised = JsonEncodedText.Encode("recognised");
        public static readonly JsonEncodedText Recogniser = JsonEncodedText.Encode("recogniser");
        public static readonly JsonEncodedText Ref = JsonEncodedText.Encode("ref");
        public static readonly JsonEncodedText Register = JsonEncodedText.Encode("register");
        public static readonly JsonEncodedText Related = JsonEncodedText.Encode("related");
        public static readonly JsonEncodedText Relation = JsonEncodedText.Encode("relation");
        public static readonly JsonEncodedText Revision = JsonEncodedText.Encode("revision");
        public static readonly JsonEncodedText Scheme = JsonEncodedText.Encode("scheme");
        public static readonly JsonEncodedText Standard = JsonEncodedText.Encode("standard");
        public static readonly JsonEncodedText Standing = JsonEncodedText.Encode("standing");
        public static readonly JsonEncodedText Steps = JsonEncodedText.Encode("steps");
        public static readonly JsonEncodedText Tier = JsonEncodedText.Encode("tier");
        public static readonly JsonEncodedText Unit = JsonEncodedText.Encode("unit");
        public static readonly JsonEncodedText ValidFrom = JsonEncodedText.Encode("validFrom");
        public static readonly JsonEncodedText ValidUntil = JsonEncodedText.Encode("validUntil");
        public static readonly JsonEncodedText Warnings = JsonEncodedText.Encode("warnings");
        public static readonly JsonEncodedText Why = JsonEncodedText.Encode("why");
    }
}
