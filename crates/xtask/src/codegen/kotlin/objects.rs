//! Models: what is read, one data class for each object type and one sealed interface for each union.

use super::text::{declared, described, name, value_type};
use crate::codegen::ir::{Field, Ir, Object, Scalar, Type, Union};

/// The objects and unions that these types are made of, themselves among them.
pub(super) fn reachable<'a>(ir: &'a Ir, roots: impl Iterator<Item = &'a Type>) -> Vec<&'a str> {
    let mut open: Vec<&str> = roots.filter_map(named).collect();
    let mut found: Vec<&str> = Vec::new();
    while let Some(next) = open.pop() {
        if found.contains(&next) {
            continue;
        }
        found.push(next);
        let mut objects = ir.objects.iter().chain(&ir.shared.objects);
        if let Some(object) = objects.find(|object| object.name == next) {
            open.extend(object.fields.iter().filter_map(|field| named(&field.ty)));
        }
        if let Some(union) = ir.unions.iter().find(|union| union.name == next) {
            open.extend(union.members.iter().map(|member| member.object.as_str()));
        }
    }
    found
}

fn named(ty: &Type) -> Option<&str> {
    match ty.innermost() {
        Type::Object(name) | Type::Union(name) => Some(name),
        _ => None,
    }
}

/// The one field that must be there: the documentation does not say reliably what else can be null.
fn is_id(field: &Field) -> bool {
    field.name == "id" && field.ty.is_required()
}

/// An object of the schema.
pub(super) fn structure(ir: &Ir, object: &Object) -> String {
    let mut text = described(0, &object.docs, &object.origin);
    text += &format!("@Serializable\npublic data class {}(\n", object.name);
    for field in &object.fields {
        text += &described(4, &field.docs, &field.origin);
        text += &format!("    {}public val {},\n", read(&field.ty), property(field));
    }
    let unions: Vec<&str> = ir
        .unions
        .iter()
        .filter(|union| union.members.iter().any(|member| member.object == object.name))
        .map(|union| union.name.as_str())
        .collect();
    if unions.is_empty() {
        text + ")\n"
    } else {
        text + &format!(") : {}\n", unions.join(",\n    "))
    }
}

fn property(field: &Field) -> String {
    let ty = value_type(&field.ty);
    if is_id(field) {
        format!("{}: {ty}", name(&field.name))
    } else {
        format!("{}: {ty}? = null", name(&field.name))
    }
}

/// How a value is read where the compiler's own way will not do.
fn read(ty: &Type) -> &'static str {
    match ty.nullable() {
        Type::List(_) => "@Serializable(PresentList::class)\n    ",
        Type::Scalar(Scalar::Date) => "@Serializable(ReadDate::class)\n    ",
        Type::Scalar(Scalar::DateTime) => "@Serializable(ReadInstant::class)\n    ",
        Type::Scalar(Scalar::Decimal) => "@Serializable(ReadDecimal::class)\n    ",
        Type::Opaque(name) if name == "Error" => "@Serializable(PluvoExceptionSerializer::class)\n    ",
        _ => "",
    }
}

/// The objects of this project's own, which have what they say.
pub(super) fn results(ir: &Ir) -> Vec<String> {
    ir.shared
        .objects
        .iter()
        .map(|object| {
            let mut text = described(0, &object.docs, &object.origin);
            text += &format!("@Serializable\npublic data class {}(\n", object.name);
            for field in &object.fields {
                text += &described(4, &field.docs, &field.origin);
                let read = match field.ty.nullable() {
                    Type::List(_) => "",
                    other => read(other),
                };
                text += &format!("    {read}public val {},\n", declared(&field.name, &field.ty));
            }
            let secret = ir.shared.secret.iter().filter(|(name, _)| *name == object.name);
            let secret: Vec<&str> = secret.map(|(_, field)| field.as_str()).collect();
            text + &redacted(object, &secret)
        })
        .collect()
}

/// The end of a class, whose text shows no secret field.
fn redacted(object: &Object, secret: &[&str]) -> String {
    if secret.is_empty() {
        return ")\n".to_owned();
    }
    let fields: Vec<String> = object
        .fields
        .iter()
        .map(|field| {
            let name = name(&field.name);
            let is_secret = secret.contains(&field.name.as_str());
            let shown = if is_secret {
                "***".to_owned()
            } else {
                format!("${name}")
            };
            format!("{name}={shown}")
        })
        .collect();
    format!(
        ") {{\n    override fun toString(): String = \"{}({})\"\n}}\n",
        object.name,
        fields.join(", ")
    )
}

/// A union: nothing but the fields that are there tells which member it is.
pub(super) fn choice(union: &Union) -> String {
    let name = &union.name;
    let mut text = described(0, &union.docs, &union.origin);
    text += &format!("@Serializable(with = {name}Serializer::class)\npublic sealed interface {name} {{\n");
    text += "    /** A kind of value that this version does not know. */\n";
    text += &format!(
        "    @Serializable(with = {name}Unknown::class)\n    public data class Unknown(\n        \
         /** What there is of it. */\n        public val fields: JsonObject,\n    ) : {name}\n}}\n\n"
    );
    text += &format!(
        "internal object {name}Unknown :\n    \
         UnknownFields<{name}.Unknown>({name}::Unknown, {{ it.fields }})\n\n"
    );
    text += &format!(
        "internal object {name}Serializer :\n    \
         JsonContentPolymorphicSerializer<{name}>({name}::class) {{\n    \
         override fun selectDeserializer(element: JsonElement): DeserializationStrategy<{name}> = when {{\n"
    );
    for member in &union.members {
        text += &format!(
            "        {:?} in element.jsonObject -> {}.serializer()\n",
            member.tag, member.object
        );
    }
    text + &format!("        else -> {name}.Unknown.serializer()\n    }}\n}}\n")
}
