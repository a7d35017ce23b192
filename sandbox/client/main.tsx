// The page's beginning.
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connect } from './connection.ts';
import './theme.css';
import './frame.css';
import './message.css';
import './composer.css';
import './blocks.css';
import './inputs.css';
import './modal.css';
import './panels.css';
import './vendors.css';
import './phone.css';

const place = document.getElementById('page');
if (place) createRoot(place).render(<App />);
connect();
