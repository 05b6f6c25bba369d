/**
 * Adds the engine `jinja`. Templates of earlier versions keep their engine, and so their results;
 * each version stores its own engine, since a template can change it.
 */
export const templateEngines = `
  ALTER TABLE templates ADD COLUMN language TEXT NOT NULL DEFAULT 'liquid'
  CHECK (language IN ('handlebars', 'jinja', 'liquid'));
  UPDATE templates SET language = engine;
  ALTER TABLE templates DROP COLUMN engine;
  ALTER TABLE templates RENAME COLUMN language TO engine;

  ALTER TABLE template_versions ADD COLUMN engine TEXT NOT NULL DEFAULT 'liquid'
  CHECK (engine IN ('handlebars', 'jinja', 'liquid'));
  UPDATE template_versions
  SET engine = (SELECT engine FROM templates WHERE templates.id = template_id);
`
