using System.Text.Json;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Resources;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Checks;

/// <summary>The answer to the main question, with its evidence.</summary>
/// <param name="Answer">Yes, partly, no or unknown.</param>
/// <param name="Outcome">What exactly.</param>
/// <param name="Product">The product; null when it is not on record, or where a certificate alone is asked that names none or several.</param>
/// <param name="Recogniser">Who was asked.</param>
/// <param name="AsOf">The date that the answer is about.</param>
/// <param name="Revision">The revision of the registry that it rests on.</param>
/// <param name="HoldsUntil">Last day on which the best path keeps its outcome; null when open-ended, and for no and unknown.</param>
/// <param name="Paths">Every path with an effect, best first.</param>
/// <param name="Certificates">Every certificate judged.</param>
/// <param name="Related">Lines of other certificates for the same machine; information, never counted.</param>
/// <param name="Reasons">Why not yes.</param>
/// <param name="Nearest">The grant that came nearest.</param>
/// <param name="Coverage">How completely the registers concerned are held here.</param>
/// <param name="Warnings">What keeps a buyer from a wrong conclusion.</param>
public sealed record CheckAnswer(
    Answer Answer,
    Outcome Outcome,
    AnsweredProduct? Product,
    AnsweredRecogniser Recogniser,
    DateOnly AsOf,
    long Revision,
    DateOnly? HoldsUntil,
    IReadOnlyList<AnsweredPath> Paths,
    IReadOnlyList<AnsweredCertificate> Certificates,
    IReadOnlyList<AnsweredRelation> Related,
    IReadOnlyList<AnsweredReason> Reasons,
    AnsweredNearest? Nearest,
    IReadOnlyList<AnsweredCoverage> Coverage,
    IReadOnlyList<AnsweredWarning> Warnings) : IWritesJson
{
    /// <inheritdoc />
    public void WriteTo(Utf8JsonWriter json) => WriteAnswerJson.Write(json, this);
}

/// <summary>The product asked about.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Brand">As the source has it.</param>
/// <param name="Model">As the source has it.</param>
/// <param name="Gtins">Every GTIN that its lines list.</param>
/// <param name="Category">The category of its lines; null when they lie in several or in none.</param>
/// <param name="Names">Names by language, as its lines have them.</param>
public sealed record AnsweredProduct(
    string Id, string Brand, string Model, IReadOnlyList<string> Gtins, string? Category, IReadOnlyDictionary<string, string>? Names);

/// <summary>Who was asked.</summary>
public sealed record AnsweredRecogniser(string Code, RecogniserKind Kind, IReadOnlyDictionary<string, string>? Names);

/// <summary>One way from the recogniser to a certificate that counts.</summary>
public sealed record AnsweredPath(
    Outcome Outcome,
    Level? Level,
    bool Derived,
    DateOnly? HoldsUntil,
    AnsweredEvidence Certificate,
    IReadOnlyList<AnsweredStep> Steps,
    IReadOnlyList<AnsweredCondition> Conditions);

/// <summary>The certificate at the end of a path.</summary>
public sealed record AnsweredEvidence(
    string Id,
    string Scheme,
    string? Number,
    string? Holder,
    string? Category,
    string? Standard,
    string? Edition,
    string? Tier,
    CertificateStanding Standing,
    PartialDate? ValidFrom,
    PartialDate? ValidUntil,
    PartialDate? ConfirmedOn);

/// <summary>One step of a path.</summary>
public sealed record AnsweredStep(string? Agreement, string? Policy, string Grant, string Recogniser, string Recognised, Level Level);

/// <summary>Something left to prove or to be confirmed by people.</summary>
/// <param name="Code">What it is.</param>
/// <param name="Message">In words.</param>
/// <param name="Standard">Id of the standard concerned.</param>
/// <param name="Edition">The edition concerned.</param>
/// <param name="Ref">Where the criterion stands in it.</param>
/// <param name="Criterion">The criterion with its limit.</param>
/// <param name="Comparison">How the certificate's own standard compares.</param>
/// <param name="Why">Why it cannot be compared.</param>
/// <param name="HeldRef">Where the certificate's own standard says something of it.</param>
/// <param name="About">Address of the agreement or policy that the condition comes from.</param>
public sealed record AnsweredCondition(
    string Code,
    string Message,
    string? Standard,
    string? Edition,
    string? Ref,
    AnsweredCriterion? Criterion,
    Comparison? Comparison,
    Incomparability? Why,
    string? HeldRef,
    string? About);

/// <summary>A criterion to prove, as typed values.</summary>
public sealed record AnsweredCriterion(
    string? Aspect,
    string? Parameter,
    Comparator Comparator,
    decimal? Limit,
    decimal? LimitMax,
    IReadOnlyList<string> OneOf,
    string? Unit,
    string? Basis,
    string? Definition,
    string? Method,
    string? AppliesTo);

/// <summary>One certificate judged.</summary>
public sealed record AnsweredCertificate(string Id, string Scheme, string? Number, CertificateStanding Standing, IReadOnlyList<AnsweredReasonCode> Reasons);

/// <summary>A line of another certificate for the same machine.</summary>
public sealed record AnsweredRelation(string Scheme, string? Certificate, string? Key, string? Model, string? Relation);

/// <summary>A reason, in words.</summary>
public sealed record AnsweredReasonCode(Reason Code, string Message);

/// <summary>A reason and what it is about.</summary>
public sealed record AnsweredReason(Reason Code, string Message, string About);

/// <summary>The grant that came nearest.</summary>
public sealed record AnsweredNearest(string Certificate, string? Agreement, string? Policy, string Grant, IReadOnlyList<AnsweredReasonCode> Reasons);

/// <summary>How completely a register is held here.</summary>
public sealed record AnsweredCoverage(string Scheme, RegisterCoverage Register, PartialDate? AsOf);

/// <summary>A warning, in words.</summary>
public sealed record AnsweredWarning(Warning Code, string Message);

/// <summary>Writes an engine's answer for people: codes get words in a language, ids get what they stand for.</summary>
public static class WriteAnswer
{
    /// <summary>The answer to send.</summary>
    public static CheckAnswer Write(RegistryAt registry, RecognitionQuestion question, Found found, RecognitionAnswer answer, Language language)
    {
        return new CheckAnswer(
            answer.Outcome.Answer(),
            answer.Outcome,
            Product(found),
            Recogniser(registry, question.Recogniser),
            question.AsOf,
            registry.Revision,
            answer.HoldsUntil,
            Each(answer.Paths, p => Path(registry, found, p, language)),
            Each(answer.Certificates, c => new AnsweredCertificate(
                c.Certificate.Id, c.Certificate.Scheme, c.Certificate.Number, c.Standing, Each(c.Reasons, r => InWords(r, language)))),
            Related(found),
            Each(answer.Reasons, r => new AnsweredReason(r.Reason, Texts.Of(r.Reason, language), Address(r.Kind, r.Code))),
            answer.Nearest is { } near
                ? new AnsweredNearest(near.Certificate, near.Agreement, near.Policy, near.Grant, Each(near.Reasons, r => InWords(r, language)))
                : null,
            Each(answer.Coverage, c => new AnsweredCoverage(c.Scheme, c.Register, c.AsOf)),
            Each(answer.Warnings, w => new AnsweredWarning(w, Texts.Of(w, language))));
    }

    private static TTo[] Each<TFrom, TTo>(IReadOnlyList<TFrom> from, Func<TFrom, TTo> to)
    {
        if (from.Count == 0)
        {
            return [];
        }

        var all = new TTo[from.Count];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = to(from[i]);
        }

        return all;
    }

    private static AnsweredProduct? Product(Found found)
    {
        if (found.Product is not { } product)
        {
            return null;
        }

        // Most products have one line on one certificate.
        if (found.Certificates is [var one] && one.LinesOf(product.Id) is [{ Gtins: null or { Count: <= 1 } } line])
        {
            return new AnsweredProduct(product.Id, product.Brand, product.Model, line.Gtins ?? [], line.Category, line.Names);
        }

        var lines = found.Certificates.SelectMany(c => c.LinesOf(product.Id)).ToList();
        var categories = lines.Select(l => l.Category).Distinct(StringComparer.Ordinal).ToList();
        return new AnsweredProduct(
            product.Id,
            product.Brand,
            product.Model,
            [.. lines.SelectMany(l => l.Gtins ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            categories is [var category] ? category : null,
            lines.Select(l => l.Names).FirstOrDefault(n => n is not null));
    }

    private static AnsweredRecogniser Recogniser(RegistryAt registry, Recogniser recogniser) => new(recogniser.Code, recogniser.Kind, recogniser.Kind switch
    {
        RecogniserKind.Scheme => registry.Schemes[recogniser.Code].Entry.Names,
        RecogniserKind.Policy => registry.Policies[recogniser.Code].Entry.Names,
        RecogniserKind.Body => registry.LabelBodies[recogniser.Code].Entry.Names,
    });

    private static AnsweredPath Path(RegistryAt registry, Found found, RecognitionPath path, Language language) => new(
        path.Outcome,
        path.Level,
        path.Derived,
        path.HoldsUntil,
        new AnsweredEvidence(
            path.Certificate.Id,
            path.Certificate.Scheme,
            path.Certificate.Number,
            HolderOf(found, path.Certificate.Id),
            path.Category,
            path.Period.Standard,
            path.Period.Edition,
            path.Period.Tier,
            CertificateStanding.Valid,
            path.Period.From,
            path.Period.Until,
            path.Period.LastConfirmedOn),
        Each(path.Steps, s => new AnsweredStep(s.Agreement, s.Policy, s.Grant, s.Recogniser, s.Recognised, s.Level)),
        Each(path.Conditions, c => Condition(registry, c, language)));

    private static string? HolderOf(Found found, string id)
    {
        for (var i = 0; ; i++)
        {
            if (found.Certificates[i].Model.Id == id)
            {
                return found.Certificates[i].Entry.Holder;
            }
        }
    }

    private static AnsweredCondition Condition(RegistryAt registry, PathCondition condition, Language language) => new(
        condition.Code,
        InWords(registry, condition, language),
        condition.Standard,
        condition.Edition,
        condition.Criterion?.Ref,
        condition.Criterion is { } c
            ? new AnsweredCriterion(c.Aspect, c.Parameter, c.Comparator, c.Limit, c.LimitMax, c.OneOf, c.Unit, c.Basis, c.Definition, c.Method, c.AppliesTo)
            : null,
        condition.Comparison?.Result,
        condition.Comparison?.Why,
        condition.Comparison?.Held?.Ref,
        condition.About is { } code ? Address(registry.Policies.ContainsKey(code) ? SubjectOfReason.Policy : SubjectOfReason.Agreement, code) : null);

    /// <summary>A grant's own words where it has some; else the registry's, with the criterion's words in its source.</summary>
    private static string InWords(RegistryAt registry, PathCondition condition, Language language)
    {
        if (condition.Stated is { } stated)
        {
            return language.Of(stated.Message) ?? stated.Code;
        }

        if (!Code.TryParse<ConditionCode>(condition.Code, out var code))
        {
            return condition.Code;
        }

        var standard = condition.Standard is { } id ? registry.Standards[id].Entry : null;
        var edition = standard?.Editions?.FirstOrDefault(e => e.Edition == condition.Edition);
        var name = $"{standard?.Number} {condition.Edition}".Trim();
        return code switch
        {
            ConditionCode.CriterionToProve => Texts.Of(
                Texts.Key(code), language, name, condition.Criterion!.Ref,
                edition?.Criteria?.FirstOrDefault(c => c.Ref == condition.Criterion.Ref) is { } criterion
                    ? criterion.Text ?? language.Of(criterion.Names) ?? criterion.Parameter ?? criterion.Ref
                    : condition.Criterion.Ref),
            ConditionCode.CriteriaIncomplete or ConditionCode.CriteriaNotHeld => Texts.Of(Texts.Key(code), language, name),
            ConditionCode.DateUncertain or ConditionCode.AgreementStandingUnconfirmed or ConditionCode.CertificateStandingUnconfirmed => Texts.Of(code, language),
        };
    }

    private static AnsweredReasonCode InWords(Reason reason, Language language) => new(reason, Texts.Of(reason, language));

    private static string Address(SubjectOfReason kind, string code) => kind switch
    {
        SubjectOfReason.Certificate => "/v1/certificates/",
        SubjectOfReason.Agreement => "/v1/agreements/",
        SubjectOfReason.Policy => "/v1/policies/",
        SubjectOfReason.Scheme => "/v1/schemes/",
    } + Uri.EscapeDataString(code);

    /// <summary>Lines of other certificates for the same machine.</summary>
    public static IReadOnlyList<AnsweredRelation> Related(Found found) => !HasRelated(found) ? [] :
    [
        .. found.Certificates
            .SelectMany(c => found.ProductId is { } product ? c.LinesOf(product) : c.Entry.Products ?? [])
            .SelectMany(l => l.Related ?? [])
            .Distinct()
            .OrderBy(r => r.Scheme, StringComparer.Ordinal).ThenBy(r => r.Certificate ?? r.Key, StringComparer.Ordinal)
            .Select(r => new AnsweredRelation(r.Scheme!, r.Certificate, r.Key, r.Model, r.Relation)),
    ];

    private static bool HasRelated(Found found)
    {
        for (var i = 0; i < found.Certificates.Count; i++)
        {
            var lines = found.Certificates[i].Entry.Products;
            for (var k = 0; k < lines?.Count; k++)
            {
                if (lines[k].Related is { Count: > 0 })
                {
                    return true;
                }
            }
        }

        return false;
    }
}
